/*
 * Logs of the serial console of control boards, as a person records them at 115200 baud: what U-Boot, Linux and its file
 * systems print, in their own words. Lines end with CR LF, as on the wire.
 */

const wire = (text: string): string => text.replace(/^\n/, '').replaceAll('\n', '\r\n');

const U_BOOT = wire(`
U-Boot SPL 2014.01-00003-gd1ab2e3 (Jan 08 2018 - 11:02:44)
mmc boot


U-Boot 2014.01-00003-gd1ab2e3 (Jan 08 2018 - 11:02:44)

I2C:   ready
Memory: ECC disabled
DRAM:  496 MiB
MMC:   zynq_sdhci: 0
Using default environment

In:    serial
Out:   serial
Err:   serial
Net:   Gem.e000b000
Hit any key to stop autoboot:  0
Device: zynq_sdhci
Manufacturer ID: 15
Bus Width: 4-bit
reading uImage
4217384 bytes read in 281 ms (14.3 MiB/s)
## Booting kernel from Legacy Image at 02080000 ...
   Image Name:   Linux-4.6.0-xilinx
   Verifying Checksum ... OK

Starting kernel ...

`);

const KERNEL = wire(`
[    0.000000] Booting Linux on physical CPU 0x0
[    0.000000] Linux version 4.6.0-xilinx-gff8137b-dirty (jenkins@builder) (gcc version 4.8.3 20140320 (prerelease)) #25 SMP PREEMPT Fri Nov 23 15:30:52 CST 2018
[    0.000000] CPU: ARMv7 Processor [413fc090] revision 0 (ARMv7), cr=18c5387d
[    0.000000] Kernel command line: console=ttyPS0,115200 root=/dev/mmcblk0p2 rootfstype=squashfs ro panic=10
[    1.216417] squashfs: version 4.0 (2009/01/31) Phillip Lougher
[    1.604802] mmc0: new HS200 MMC card at address 0001
[    1.611310] mmcblk0: mmc0:0001 8GTF4R 7.28 GiB
[    1.616203] mmcblk0boot0: mmc0:0001 8GTF4R partition 1 4.00 MiB
[    1.628117]  mmcblk0: p1 p2 p3
`);

const LOGIN = wire(`
[    2.402213] UBIFS (ubi0:0): mounted UBI device 0, volume 0, name "config"
[    2.713820] VFS: Mounted root (squashfs filesystem) readonly on device 179:2.
[    2.722011] Freeing unused kernel memory: 1024K (c0900000 - c0a00000)
INIT: version 2.88 booting
Starting udev
Configuring network interfaces... udhcpc (v1.23.2) started
Lease of 10.0.4.21 obtained, lease time 86400
INIT: Entering runlevel: 5
Starting bmminer: OK

Antminer login: `);

export const HEALTHY = U_BOOT + KERNEL + LOGIN;

/** OpenWrt, which Braiins OS is built on, asks for a key instead of a name. */
export const HEALTHY_OPENWRT =
  U_BOOT +
  KERNEL +
  wire(`
[    2.713820] VFS: Mounted root (squashfs filesystem) readonly on device 179:2.
[    4.802110] procd: - early -
[    6.330871] procd: - init -
Please press Enter to activate this console.
`);

/** Blocks of the root file system that decompress to nothing. */
export const SQUASHFS =
  U_BOOT +
  KERNEL +
  wire(`
[    2.713820] VFS: Mounted root (squashfs filesystem) readonly on device 179:2.
[    2.914033] SQUASHFS error: xz decompression failed, data probably corrupt
[    2.921060] SQUASHFS error: squashfs_read_data failed to read block 0x2b1a4c
[    2.928420] SQUASHFS error: Unable to read data cache entry [2b1a4c]
[    2.935155] SQUASHFS error: Unable to read page, block 2b1a4c, size 9d5c
/sbin/init: error while loading shared libraries: libc.so.6: cannot read file data: Input/output error
`);

/** An eMMC that does not answer. */
export const EMMC =
  U_BOOT +
  KERNEL +
  wire(`
[    3.201114] mmcblk0: error -110 sending status command, retrying
[    3.307451] mmcblk0: error -110 sending status command, retrying
[    3.413830] mmcblk0: error -110 sending status command, aborting
[    3.420102] end_request: I/O error, dev mmcblk0, sector 131072
[    3.426338] Buffer I/O error on device mmcblk0p2, logical block 16128
[    3.640410] mmcblk0: error -84 transferring data, sector 131080, nr 8, cmd response 0x900, card status 0xb00
[    3.651209] blk_update_request: I/O error, dev mmcblk0, sector 131080
`);

/** NAND with nodes that are no longer what was written. */
export const UBIFS =
  U_BOOT +
  KERNEL +
  wire(`
[    2.402213] UBI: attached mtd5 (name "rootfs", size 128 MiB) to ubi0
[    2.411870] UBIFS error (pid 1): ubifs_read_node: bad node type (255 but expected 9)
[    2.419904] UBIFS error (pid 1): ubifs_read_node: bad node at LEB 214:94208, LEB mapping status 1
[    2.433005] UBIFS error (ubi0:0 pid 1): ubifs_check_node: bad CRC: calculated 0x5d4f0ca5, read 0x8d1c7d80
`);

const DIES = wire(`
[    2.702211] VFS: Cannot open root device "mmcblk0p2" or unknown-block(179,2): error -6
[    2.709812] Please append a correct "root=" boot option; here are the available partitions:
[    2.718204] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(179,2)
[    2.726430] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 4.6.0-xilinx-gff8137b-dirty #25
[    2.734201] Hardware name: Xilinx Zynq Platform
[    2.738699] [<c0016a14>] (unwind_backtrace) from [<c00127c4>] (show_stack+0x10/0x14)
[    2.746402] CPU1: stopping
[    2.749101] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(179,2)
`);

export const PANIC = U_BOOT + KERNEL + DIES;

const RESTARTS = wire(`
[   12.760011] Rebooting in 10 seconds..
`);

/** The kernel dies and restarts the board each time, four times until the person stopped it. */
export const BOOT_LOOP = (PANIC + RESTARTS).repeat(4);

/** U-Boot finds no kernel and begins again: no kernel ever speaks. */
export const LOADER_LOOP = (
  U_BOOT.split('4217384 bytes')[0] +
  wire(`
** Unable to read file uImage **
Wrong Image Format for bootm command
ERROR: can't get kernel image!
resetting ...
`)
).repeat(6);

/** A board that was switched off and on by a person, twice, and came up each time. */
export const SWITCHED_ON_TWICE = `${HEALTHY}\r\n${HEALTHY}`;

/** Nothing but what the recording program says of itself. */
export const SILENT_PICOCOM = wire(`
picocom v3.1

port is        : /dev/ttyUSB0
flowcontrol    : none
baudrate is    : 115200
parity is      : none
databits are   : 8
stopbits are   : 1

Type [C-a] [C-h] to see available commands
Terminal ready

Terminating...
Thanks for using picocom
`);

/** A line that is held low, as by a board without power: one long break, which adapters give as NULs. */
export const HELD_LOW = new Uint8Array(4096);

export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/**
 * What an adapter gives that is set to another speed than the board: the line's levels (start bit, eight bits from the
 * lowest, stop bit), read at the middle of each bit as that speed has them.
 */
export function readAtOtherSpeed(sent: Uint8Array, baud: number, readBaud: number): Uint8Array {
  const levels: (0 | 1)[] = [];
  for (const byte of sent) {
    levels.push(0);
    for (let bit = 0; bit < 8; bit++) levels.push(((byte >> bit) & 1) as 0 | 1);
    levels.push(1);
  }
  const at = (seconds: number): 0 | 1 => levels[Math.floor(seconds * baud)] ?? 1;
  const bitS = 1 / readBaud;
  const read: number[] = [];
  const step = bitS / 16;
  for (let now = 0; now * baud < levels.length; ) {
    if (at(now) === 1) {
      now += step;
      continue;
    }
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) byte |= at(now + (bit + 1.5) * bitS) << bit;
    read.push(byte);
    // The next start bit is looked for behind the middle of the stop bit.
    now += 9.5 * bitS;
  }
  return Uint8Array.from(read);
}
