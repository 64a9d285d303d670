/*
 * What the serial console of a control board says at 115200 baud: lines as U-Boot and the Linux kernel print them, written
 * down for machines with a Zynq, an Amlogic and an Allwinner chip. Kernels differ in their wording from release to release:
 * each broken picture has the forms of more than one.
 */

const UBOOT_ZYNQ = `
U-Boot 2014.01-00007-g7a4a0b8-dirty (Mar 14 2019 - 13:47:29)

I2C:   ready
Memory: ECC disabled
DRAM:  240 MiB
NAND:  256 MiB
MMC:   zynq_sdhci: 0
In:    serial
Out:   serial
Err:   serial
Net:   Gem.e000b000
Hit any key to stop autoboot:  3 \b\b\b 2 \b\b\b 1 \b\b\b 0 
Booting from NAND...

NAND read: device 0 offset 0x2000000, size 0x4000000
 67108864 bytes read: OK
## Booting kernel from Legacy Image at 02080000 ...
   Image Name:   Linux-4.6.0-xilinx
   Image Type:   ARM Linux Kernel Image (uncompressed)
   Data Size:    3940320 Bytes = 3.8 MiB
   Load Address: 00008000
   Entry Point:  00008000
   Verifying Checksum ... OK
## Flattened Device Tree blob at 02000000
   Booting using the fdt blob at 0x2000000
   Loading Kernel Image ... OK

Starting kernel ...

`;

const KERNEL_ZYNQ = `[    0.000000] Booting Linux on physical CPU 0x0
[    0.000000] Linux version 4.6.0-xilinx-g03c746f7 (lzq@armdev) (gcc version 4.8.3 20140320 (prerelease) (Sourcery CodeBench Lite 2014.05-23) ) #82 SMP PREEMPT Tue Jul 4 13:53:14 CST 2017
[    0.000000] CPU: ARMv7 Processor [413fc090] revision 0 (ARMv7), cr=18c5387d
[    0.000000] Machine model: Xilinx Zynq
[    0.000000] Kernel command line: console=ttyPS0,115200 root=/dev/ram rw mem=240M
[    0.000000] Memory: 198948K/245760K available (5053K kernel code, 313K rwdata, 1848K rodata, 1024K init, 205K bss, 46812K reserved, 0K cma-reserved, 0K highmem)
[    0.028241] Console: colour dummy device 80x30
[    0.884930] e000b000.ethernet eth0: Cadence GEM rev 0x00020118 at 0xe000b000 irq 31 (02:00:5e:00:53:21)
[    1.172011] nand: device found, Manufacturer ID: 0x2c, Chip ID: 0xda
[    1.178270] nand: Micron MT29F2G08ABAEAWP
`;

const UBI_ZYNQ = `[    3.044103] ubi0: attaching mtd4
[    3.640823] ubi0: scanning is finished
[    3.668012] ubi0: attached mtd4 (name "configs", size 16 MiB)
[    3.913401] UBIFS (ubi0:0): background thread "ubifs_bgt0_0" started, PID 708
[    4.002311] UBIFS (ubi0:0): mounted UBI device 0, volume 0, name "configs"
`;

const LOGIN_ZYNQ = `[    3.044201] Freeing unused kernel memory: 1024K (c076e000 - c086e000)
INIT: version 2.88 booting
Starting udev
[    3.551120] udevd[741]: starting version 182
Remounting root file system...
INIT: Entering runlevel: 5
Configuring network interfaces... udhcpc (v1.20.2) started
Sending discover...
Sending select for 10.0.4.21...
Lease of 10.0.4.21 obtained, lease time 86400
done.
Starting Dropbear SSH server: dropbear.
Starting lighttpd...
single board start bmminer
bmminer start ok

antMiner 1 antminer ttyPS0

antminer login: `;

const LOADER_AMLOGIC = `AXG:BL1:d1dbf2:a4926f;FEAT:E0DC318C:2000;POC:F;RCY:0;EMMC:0;READ:0;0.0;CHK:0;
sdio debug board detected
no sdio debug board detected 
TE: 26489

BL2 Built : 15:22:05, Aug 28 2019. axg g1bf2b53 - luan.yuan@droid15-sz

set vcck to 1120 mv
set vddee to 1000 mv
Board ID = 4
CPU clk: 1200MHz
DDR3 chl: Rank0 16bit @ 792MHz
NOTICE:  BL31: v1.3(release):8e5bb9b
NOTICE:  BL31: Built : 14:45:54, Apr 11 2019


U-Boot 2015.01-g95ae2a1 (Nov 02 2021 - 10:35:28), Build: jenkins-antminer-12

DRAM:  256 MiB
aml_priv->desc_buf = 0x000000000fb3a6e0
MMC:   aml_priv->desc_buf = 0x000000000fb3ca20
SDIO Port B: 0, SDIO Port C: 1
emmc/sd response timeout, cmd8, status=0x1ff2800
[mmc_init] mmc init success
In:    serial
Out:   serial
Err:   serial
Hit Enter or space or Ctrl+C key to stop autoboot -- :  1 \b\b\b 0 
## Booting Android Image at 0x01080000 ...
   Loading Kernel Image(COMP_NONE) ... OK
   kernel loaded at 0x01080000, end = 0x01c5a000

Starting kernel ...

uboot time: 2841513 us
`;

const KERNEL_AMLOGIC = `[    0.000000@0] Booting Linux on physical CPU 0x0
[    0.000000@0] Linux version 4.9.113 (root@build) (gcc version 6.3.1 20170109 (Linaro GCC 6.3-2017.02) ) #1 SMP PREEMPT Thu Mar 17 16:41:12 CST 2022
[    0.000000@0] Machine model: Amlogic
[    0.000000@0] Kernel command line: rootfstype=ext4 init=/sbin/init console=ttyS0,115200 no_console_suspend earlycon=aml-uart,0xff803000
[    1.512077@2] mmc1: new HS200 MMC card at address 0001
[    1.513304@2] mmcblk0: mmc1:0001 AJTD4R 14.6 GiB 
[    1.513689@2] mmcblk0boot0: mmc1:0001 AJTD4R partition 1 4.00 MiB
[    1.524521@2]  mmcblk0: p1 p2 p3 p4 p5 p6 p7
`;

const LOGIN_AMLOGIC = `[    2.311211@1] EXT4-fs (mmcblk0p3): mounted filesystem with ordered data mode. Opts: (null)
[    2.402210@0] Freeing unused kernel memory: 1216K
Starting syslogd: OK
Starting klogd: OK
Initializing random number generator: OK
Starting network: OK
Starting dropbear sshd: OK
Starting monitorcg: OK
start bmminer ...

Welcome to Buildroot
Antminer login: `;

const LOADER_ALLWINNER = `HELLO! BOOT0 is starting!
boot0 commit : 45c83fe4a8a6f1a1a1b8b1fd4b5dd4a2
boot0 version : 4.0
set pll start
set pll end
DRAM CLK = 624 MHz
DRAM Type = 3 (2:DDR2,3:DDR3,6:LPDDR2,7:LPDDR3)
DRAM SIZE =512 M
card boot number = 2
Succeed in loading uboot from sdmmc flash.
Ready to disable icache.
Jump to secend Boot.
[      0.203]

U-Boot 2011.09-rc1-00000-g6b8a0f6-dirty (Jul 23 2018 - 16:50:32) Allwinner Technology 

[      0.211]version: 1.1.0
[      0.467]sunxi flash init ok
[      0.832]ready to boot
[      0.840]## Booting kernel from Legacy Image at 46000000 ...
[      0.850]Starting kernel ...

`;

const KERNEL_ALLWINNER = `[    0.000000] Booting Linux on physical CPU 0
[    0.000000] Linux version 3.4.39 (builder@whatsminer) (gcc version 4.8.3 (OpenWrt/Linaro GCC 4.8-2014.04 r47313) ) #31 SMP PREEMPT Mon Mar 22 10:04:27 CST 2021
[    0.000000] Kernel command line: console=ttyS0,115200 root=/dev/mmcblk0p7 init=/init loglevel=4
[    1.402188] mmc0: new high speed MMC card at address 0001
[    1.408114] mmcblk0: mmc0:0001 8GTF4R 7.28 GiB 
[    1.415211]  mmcblk0: p1 p2 p3 < p5 p6 p7 p8 >
`;

const LOGIN_ALLWINNER = `[    2.601433] EXT4-fs (mmcblk0p7): mounted filesystem with ordered data mode. Opts: (null)
[    3.113024] procd: Console is alive
[    3.120125] procd: - preinit -
[    5.422910] procd: - early -
[    5.874001] procd: - init -
Please press Enter to activate this console.
[   12.330412] procd: - init complete -
[   14.220199] btminer[1204]: btminer start
`;

/** A root filesystem whose blocks cannot be read: the forms of several kernels. */
const SQUASHFS = `[    2.014433] SQUASHFS error: zlib decompression failed, data probably corrupt
[    2.020711] SQUASHFS error: squashfs_read_data failed to read block 0x6a2c41
[    2.026902] SQUASHFS error: Unable to read fragment cache entry [6a2c41]
[    2.033110] SQUASHFS error: Unable to read page, block 6a2c41, size 8c30
[    2.040022] squashfs: SQUASHFS error: unable to read inode lookup table
`;

const MMC_ERRORS = `[    1.702914] mmcblk0: error -110 sending status command, retrying
[    1.709104] mmcblk0: error -110 sending status command, aborting
[    1.716320] mmcblk0: error -84 transferring data, sector 139264, nr 8, cmd response 0x900, card status 0x0
[    1.723877] mmcblk0: retrying using single block read
[    1.731209] mmcblk0: error -84 transferring data, sector 139265, nr 7, cmd response 0x900, card status 0x0
`;

const MMC_IO_ERRORS = `[    1.803200] print_req_error: I/O error, dev mmcblk0, sector 139264
[    1.809814] blk_update_request: I/O error, dev mmcblk0, sector 139272
[    1.816213] Buffer I/O error on dev mmcblk0p3, logical block 1, async page read
[    1.822917] end_request: I/O error, dev mmcblk0, sector 139280
[    1.828404] EXT4-fs error (device mmcblk0p3): ext4_find_entry:1455: inode #2: comm swapper/0: reading directory lblock 0
`;

const UBIFS_ERRORS = `[    3.913401] UBIFS error (ubi0:0 pid 708): ubifs_check_node: bad CRC: calculated 0xf9a8b2c1, read 0x6f11ab02
[    3.920133] UBIFS error (ubi0:0 pid 708): ubifs_check_node: bad node at LEB 12:34816
[    3.926618] ubifs: error -22 mounting volume 0
[    3.931102] UBIFS error (pid 708): ubifs_scan: garbage
`;

const PANIC_ROOT = `[    2.104412] VFS: Cannot open root device "mmcblk0p7" or unknown-block(179,7): error -6
[    2.111903] Please append a correct "root=" boot option; here are the available partitions:
[    2.119702] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(179,7)
[    2.127811] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 4.6.0-xilinx #82
[    2.134209] [<c010d2ac>] (unwind_backtrace) from [<c0109a5c>] (show_stack+0x10/0x14)
[    2.141914] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(179,7)
`;

const PANIC_INIT = `[    3.301221] Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b
[    3.308810] CPU: 1 PID: 1 Comm: init Not tainted 4.9.113 #1
`;

/** The loader finds no memory, and begins again. */
const LOADER_FAILS = `AXG:BL1:d1dbf2:a4926f;FEAT:E0DC318C:2000;POC:F;RCY:0;EMMC:0;READ:0;CHK:A7;EMMC:800;NAND:81;SD?:0;SD:400;USB:8;LOOP:1;EMMC:0;READ:0;CHK:A7;EMMC:800;NAND:81;SD?:0;SD:400;USB:8;LOOP:2;
`;

const started = (loader: string, kernel: string, ...rest: string[]): string => [loader, kernel, ...rest].join('');
const asSent = (text: string): string => text.replaceAll('\n', '\r\n');

/** Every picture that a log can give, by name. Lines end with CR LF, as they come over the wire. */
export const UART_LOGS = {
  'healthy, Zynq': asSent(started(UBOOT_ZYNQ, KERNEL_ZYNQ, UBI_ZYNQ, LOGIN_ZYNQ)),
  'healthy, Amlogic': asSent(started(LOADER_AMLOGIC, KERNEL_AMLOGIC, LOGIN_AMLOGIC)),
  'healthy, Allwinner': asSent(started(LOADER_ALLWINNER, KERNEL_ALLWINNER, LOGIN_ALLWINNER)),
  'healthy, restarted by hand': asSent(
    started(UBOOT_ZYNQ, KERNEL_ZYNQ, LOGIN_ZYNQ, '\n', UBOOT_ZYNQ, KERNEL_ZYNQ, UBI_ZYNQ, LOGIN_ZYNQ),
  ),
  'squashfs error': asSent(started(LOADER_ALLWINNER, KERNEL_ALLWINNER, SQUASHFS)),
  'mmcblk0: error': asSent(started(LOADER_ALLWINNER, KERNEL_ALLWINNER, MMC_ERRORS)),
  'mmcblk0 I/O error': asSent(started(LOADER_AMLOGIC, KERNEL_AMLOGIC, MMC_IO_ERRORS)),
  'ubifs: error': asSent(started(UBOOT_ZYNQ, KERNEL_ZYNQ, UBIFS_ERRORS)),
  'kernel panic': asSent(started(UBOOT_ZYNQ, KERNEL_ZYNQ, PANIC_ROOT)),
  'boot loop with a panic': asSent(
    `${started(LOADER_AMLOGIC, KERNEL_AMLOGIC, PANIC_INIT, '[    8.3] Rebooting in 5 seconds..\n').repeat(4)}`,
  ),
  'boot loop of the loader': asSent(LOADER_FAILS.repeat(12)),
  'boot loop without a word': asSent(
    started(UBOOT_ZYNQ, KERNEL_ZYNQ.split('\n').slice(0, 4).join('\n'), '\n').repeat(5),
  ),
  'stands still in the loader': asSent(UBOOT_ZYNQ.slice(0, UBOOT_ZYNQ.indexOf('Hit any key'))),
  silent: '',
} as const;

export type UartLog = keyof typeof UART_LOGS;

/** A picture as bytes. */
export const uartLog = (name: UartLog): Uint8Array => Buffer.from(UART_LOGS[name], 'latin1');

/**
 * What a reader at 115200 baud gets of the same line when the board sends at another speed: each bit of the sender, cut
 * into frames of ten bits by who reads.
 * @param baud of the board; 9600, 57600, 1500000 ...
 */
export function uartNoise(baud: number, name: UartLog = 'healthy, Amlogic'): Uint8Array {
  // One start bit (low), eight data bits from the lowest, one stop bit (high); idle is high.
  const bits = [...uartLog(name)].flatMap((byte) => [0, ...Array.from({ length: 8 }, (_, i) => (byte >> i) & 1), 1]);
  const level = (at: number): number => bits[Math.floor((at * baud) / READER)] ?? 1;
  const length = Math.floor((bits.length * READER) / baud);
  const seen: number[] = [];
  for (let at = 0; at < length; ) {
    if (level(at + 0.5) === 1) at++;
    else {
      seen.push(Array.from({ length: 8 }, (_, i) => level(at + 1.5 + i) << i).reduce((sum, bit) => sum | bit, 0));
      at += 10;
    }
  }
  return Uint8Array.from(seen);
}
const READER = 115_200;

/** A log of so many bytes and more, piece by piece: one picture over and over. */
export async function* longUartLog(name: UartLog, bytes: number, piece = 1 << 16): AsyncGenerator<Uint8Array> {
  const one = uartLog(name);
  const block = Buffer.alloc(Math.max(piece, one.length), one);
  for (let sent = 0; sent < bytes; sent += block.length) yield block;
}
