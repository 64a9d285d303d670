export { type UartScanner, uartScanner } from './scanner.ts';
export { UART_PATTERNS, type UartPattern } from './words.ts';
