import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShellMachine } from '@headframe/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/*
 * The shell of simulated machines held to a real BusyBox: the same script says the same on both, and ends with the same
 * status. The files are the same, below a folder of their own.
 */

const FILES = {
  'cgminer.conf':
    '{\n"pools" : [\n{ "url" : "stratum+tcp://a:3333" }\n],\n"api-listen" : true,\n"api-network" : true,\n"api-allow" : "A:0/0,W:127.0.0.1",\n"fan" : "100"\n}\n',
  'miner.log': `${Array.from({ length: 30 }, (_, i) => `[12:00:${String(i).padStart(2, '0')}] line ${i}${i % 7 === 0 ? ' API bind: Address already in use' : ''}`).join('\n')}\n`,
  'table.txt': 'PID USER VSZ NAME\n  1 root 460 init\n 42 root 100200 cgminer\n  7 root 2100 lighttpd\n 42 root 9 x\n',
  'empty.txt': '',
  'no end': 'a\nb',
} as const;

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: scripts of the shell
const SCRIPTS: readonly string[] = [
  'echo a; echo b && echo c || echo d',
  "printf '%s\\n' one 'two three' \"$HOME_NOT\" four",
  "printf '%5d|%-5s|%05.2f|%x\\n' 42 ab 3.14159 255; printf 'no end'; printf '%%\\t%s\\n' x",
  'echo -n x; echo -e "a\\tb\\n"; echo "$(echo inner; echo two)"',
  'cat cgminer.conf | grep -iE "api-(allow|listen|network)"',
  'grep -n API miner.log | head -n 2; grep -c line miner.log; grep -v line miner.log; echo $?',
  'grep -o "line [0-9]*" miner.log | tail -3; grep -q nothing miner.log; echo $?',
  'grep "line 1\\{1\\}$" miner.log; grep -E "line 1{1}$" miner.log; grep -w "line 3" miner.log; grep -F "[12:00:05]" miner.log',
  'grep -A1 -m1 "line 7" miner.log; grep -h line "no end" miner.log | wc -l',
  'grep x missing.txt; echo $?; grep -s x missing.txt; echo $?',
  'tail -n 3 miner.log; tail -c 12 miner.log; tail -n +29 miner.log; head -c 10 miner.log; echo; head -2 miner.log',
  'for f in cgminer.conf missing.conf "no end"; do if [ -f "$f" ]; then echo "have $f"; else echo "no $f"; fi; done',
  'for f in *.txt *.nothing; do echo "$f"; done; echo *.log',
  'test -e cgminer.conf && echo yes; [ -x cgminer.conf ] || echo not x; [ -d . -a ! -f . ] && echo dir; [ -s empty.txt ] || echo empty',
  '[ 3 -gt 2 ] && [ a = a ] && [ a != b ] && [ -z "" ] && [ -n x ] && echo all; [ 1 -eq 2 ] || echo no',
  'x=5; y=$((x * (2 + 3) - 4 % 3)); echo $y $((x > 3 && y < 9)) ${x}y ${z:-default} ${z:=set} $z ${#y}',
  'p=/a/b/c.tar.gz; echo ${p##*/} ${p%.*} ${p%%.*} ${p#*/} "${p##*.}"',
  'i=0; while [ $i -lt 5 ]; do i=$((i+1)); [ $i -eq 2 ] && continue; [ $i -eq 4 ] && break; echo $i; done; echo end $i',
  'while read a b rest; do echo "$b:$a:$rest"; done < table.txt',
  'cat table.txt | while read -r line; do echo "<$line>"; done',
  'case "abc.conf" in *.txt) echo t;; *.conf|*.cfg) echo c;; *) echo o;; esac; case x in [a-c]) echo 1;; ?) echo 2;; esac',
  'f() { echo "f $1 $# $@"; return 3; }; f a "b c"; echo $?; f; echo $?',
  'set -- a "b c" d; echo $#; for x in "$@"; do echo "[$x]"; done; shift; echo $1 "$*"',
  "cat <<EOF\nhello $((1+1)) `echo tick`\n  $(echo sub) \\$no\nEOF\ncat <<'EOF'\nraw $x `no`\nEOF",
  'cat <<-X\n\tone\n\ttwo\n\tX\necho after',
  'sort -n -k3 table.txt; sort -rn table.txt | head -2; sort -u table.txt | wc -l',
  'cut -d" " -f2,3 table.txt; cut -c1-4 table.txt; echo a:b:c | cut -d: -f2-',
  'tr a-z A-Z < table.txt; echo "a  b" | tr -s " "; echo abc | tr -d b; echo "a b" | tr " " "\\n"',
  'sed -n \'s/.*"api-allow" *: *"\\([^"]*\\)".*/\\1/p\' cgminer.conf; sed \'s/true/false/g; s/fan/FAN/\' cgminer.conf',
  "sed -n '2,4p' table.txt; sed '1d' table.txt; sed -n '$p' table.txt; sed -n '/root/p' table.txt; sed -E 's/(init|x)$/<\\1>/' table.txt; sed '/init/,/light/d' table.txt",
  "awk '{print $4}' table.txt; awk 'NR>1 {print $1, $NF}' table.txt; awk '/root/ {print $3 \" kB\"}' table.txt; awk -F: '{print $1}' miner.log | head -2",
  "awk '$3 > 1000 {print $4}' table.txt; awk '/init/ {print $3/1024}' table.txt; awk 'END {print NR}' table.txt",
  'wc -l < table.txt; wc table.txt; wc -c "no end"; uniq -c empty.txt; cut -d" " -f1 table.txt | sort | uniq -c',
  'cp table.txt copy.txt && mv copy.txt moved.txt && ls *.txt && rm moved.txt && ls *.txt',
  'echo one > new.txt; echo two >> new.txt; cat new.txt; { echo three; echo four; } > new.txt; cat new.txt; rm -f new.txt missing.txt; echo $?',
  'ls missing.txt 2>/dev/null || echo none; cat missing.txt 2>&1; echo $?',
  '(cd / && pwd); x=1; (x=2; echo $x); echo $x; echo a | x=3; echo $x',
  '! false; echo $?; ! true; echo $?; true | false; echo $?; false || true; echo $?; exit 7',
  'command -v cat >/dev/null && echo has; command -v no-such-program; echo $?; no-such-program; echo $?',
  'sh -c "echo \\$0 \\$1" name arg; sh -c "exit 4"; echo $?; echo "echo from stdin" | sh',
  'eval "echo a; b=9"; echo $b; unset b; echo "[$b]"; export c=4; sh -c : ; echo $c',
  'echo "a b  c" | { read x y; echo "$y-$x"; }; IFS=:; v="p:q:r"; for e in $v; do echo $e; done',
  'echo \'single $x\' "double \\"q\\" \\$ \\\\" plain\\ space \'\' "" end',
  'if true; then :; fi; if false; then echo a; elif [ 1 = 1 ]; then echo b; else echo c; fi; until true; do echo never; done; echo $?',
  'echo x |cat -n; basename /a/b.sh .sh; dirname /a/b/c; seq 3; echo a.b | md5sum; echo hi | sha256sum',
  'if then fi',
  'echo "unterminated',
  'for x in a; echo $x; done',
  'echo a | | cat',
  ')',
  'echo a&&echo b;echo c # a comment\n# another\necho "# none" d#e',
  'a=$(cat missing.txt 2>/dev/null) || echo "status $?"; echo "[$a]"; b=`grep -c API miner.log`; echo $b',
  'find . -name "*.txt" | sort; xargs echo < table.txt; echo "1 2" | xargs echo n; tee t.txt < "no end" >/dev/null; cat t.txt; rm t.txt',
  'echo --- /a ---; for f in ./table.txt ./none; do [ -r $f ] && { echo "== $f"; head -n 1 $f; }; done; true',
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: scripts of the shell

const has = spawnSync('busybox', ['true']).status === 0;
// Where it must be there, its absence is a failure.
if (!has && process.env.CI === 'true')
  test('BusyBox is there', () => expect(has, 'apt-get install busybox').toBe(true));

describe.skipIf(!has)('a script says on a simulated machine what it says under BusyBox', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'headframe-shell-'));
    mkdirSync(join(folder, 'applets'));
    spawnSync('busybox', ['--install', '-s', join(folder, 'applets')]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(SCRIPTS)('%j', (script) => {
    const at = mkdtempSync(join(folder, 'run-'));
    mkdirSync(at, { recursive: true });
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(at, name), text);
    const real = spawnSync(join(folder, 'applets', 'sh'), ['-c', script], {
      cwd: at,
      encoding: 'utf8',
      timeout: 5000,
      env: { PATH: join(folder, 'applets'), ENV: '' },
    });
    const machine = new ShellMachine({
      firmware: 'antminer',
      seed: 1,
      clock: { now: () => 0 },
      poweredAt: 0,
      address: '10.77.0.21',
    });
    machine.files.makeFolder('/work');
    for (const [name, text] of Object.entries(FILES)) machine.files.write(`/work/${name}`, text);
    const said = { out: '', err: '' };
    const shell = machine.shell();
    shell.cwd = '/work';
    const status = shell.run(script, {
      input: { rest: '' },
      out: { write: (text) => (said.out += text) },
      err: { write: (text) => (said.err += text) },
    });
    expect({ out: said.out, status, complains: said.err !== '' }).toEqual({
      out: real.stdout,
      status: real.status,
      complains: real.stderr !== '',
    });
  });
});
