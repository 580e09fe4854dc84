#!/usr/bin/env bash
# A Python of our own on Debian 11, so that what is packed there needs no glibc newer than 2.28; run as root.
#   installer/old_system.sh ROOT              make ROOT by debootstrap, build Python, Tcl/Tk and OpenSSL in it
#   installer/old_system.sh ROOT build [...]  build the single file in it, into dist/old/; the rest goes to build.py
# The sources are those of the current stable Debian, so that its security fixes are in; see docs/packaging.md.
set -eu
cd "$(dirname "$0")/.."
root=$1
shift

OLD=bullseye SOURCES=bookworm
NEEDS=build-essential,ca-certificates,pkg-config,xz-utils,zlib1g-dev,libffi-dev,liblzma-dev,libbz2-dev,uuid-dev
NEEDS=$NEEDS,libexpat1-dev,libx11-dev,libxft-dev,libxss-dev,libfontconfig1-dev,fonts-dejavu-core,perl
MIRROR=${DEBIAN_MIRROR:-http://deb.debian.org/debian} SECURITY=${DEBIAN_SECURITY-http://deb.debian.org/debian-security}

inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"; }

if [ ! -x "$root/usr/bin/gcc" ]; then
  debootstrap --variant=minbase --include="$NEEDS" "$OLD" "$root" "$MIRROR"
fi
if [ ! -e "$root/opt/python/.made" ]; then
  cp /usr/share/keyrings/debian-archive-keyring.gpg "$root/usr/share/keyrings/"
  by="signed-by=/usr/share/keyrings/debian-archive-keyring.gpg"
  printf '%s\n' "deb $MIRROR $OLD main" "deb-src [$by] $MIRROR $SOURCES main" >"$root/etc/apt/sources.list"
  [ -z "$SECURITY" ] || echo "deb-src [$by] $SECURITY $SOURCES-security main" >>"$root/etc/apt/sources.list"
  cat >"$root/root/make-python" <<'INSIDE'
set -eu
rm -rf /root/sources /opt/python && mkdir -p /root/sources /opt/python/share/licences && cd /root/sources
apt-get update -qq
apt-get install -y -qq --no-install-recommends dpkg-dev >/dev/null
chown _apt .
apt-get source -qq --download-only python3.11 tcl8.6 tk8.6 openssl libpng1.6
# These five of the mathematical library got new versions in 2.29, the old ones are still there; sem_clockwait is of 2.30.
case $(uname -m) in x86_64) oldest=GLIBC_2.2.5 ;; *) oldest=GLIBC_2.17 ;; esac
for name in exp exp2 log log2 pow; do
  printf '__asm__(".symver %s,%s@%s");\n' "$name" "$name" "$oldest"
done >/opt/old.h
export CFLAGS="-O2 -include /opt/old.h" LDFLAGS="-L/opt/python/lib -Wl,-rpath,/opt/python/lib"
export CPPFLAGS="-I/opt/python/include" PKG_CONFIG_PATH=/opt/python/lib/pkgconfig
jobs=-j$(nproc)
# unpacked NAME PATTERN: the sources, with those of Debian's patches whose names match: its repairs, not its layout.
unpacked() {
  rm -rf build patches && mkdir build patches
  tar -xf "$(ls "$1"_*.orig.tar.?z)" -C build --strip-components=1
  tar -xf "$(ls "$1"_*.debian.tar.xz)" -C patches
  grep -E "$2" patches/debian/patches/series | while read -r patch; do
    patch -d build -p1 -s --no-backup-if-mismatch <"patches/debian/patches/$patch"
  done
}

# kept NAME FILE: its licence, for the list of parts (materials.py).
kept() { cp "build/$2" "/opt/python/share/licences/$1_$(ls "$1"_*.dsc | sed 's/.*_\(.*\)\.dsc/\1/').txt"; }

unpacked libpng1.6 ^CVE
kept libpng1.6 LICENSE
(cd build && ./configure -q --prefix=/opt/python --disable-static && make -s "$jobs" && make -s install) >/dev/null
unpacked tcl8.6 '^$'
kept tcl8.6 license.terms
(cd build/unix && ./configure -q --prefix=/opt/python && make -s "$jobs" && make -s install) >/dev/null
rm -rf tcl && mv build tcl
unpacked tk8.6 '^$'
kept tk8.6 license.terms
(cd build/unix && ./configure -q --prefix=/opt/python --with-tcl=/root/sources/tcl/unix && make -s "$jobs" && make -s install) >/dev/null
unpacked openssl '^[A-Z][a-z]+-[a-z]|^cms|^CMS|CVE'
kept openssl LICENSE.txt
(cd build && ./Configure --prefix=/opt/python --libdir=lib --openssldir=/etc/ssl no-tests "$CFLAGS" >/dev/null &&
  make -s "$jobs" build_libs && make -s install_dev) >/dev/null
unpacked python3.11 '^(CVE|[0-9]{4}-|relfile|shutdown|frame)'
kept python3.11 LICENSE
sed -i '1i #define Py_BUILD_CORE_MODULE 1' build/Modules/pyexpat.c # a repair of it needs a header of Python's own
(cd build && ac_cv_func_sem_clockwait=no ./configure -q --prefix=/opt/python --enable-shared --with-openssl=/opt/python --without-static-libpython --with-system-expat \
  --with-ensurepip=install TCLTK_CFLAGS=-I/opt/python/include TCLTK_LIBS="-L/opt/python/lib -ltk8.6 -ltcl8.6" &&
  make -s "$jobs" && make -s install) >/dev/null
/opt/python/bin/python3.11 -c 'import ssl, tkinter, lzma, bz2, ctypes, uuid, zlib; print(ssl.OPENSSL_VERSION, tkinter.Tcl().call("info", "patchlevel"))'
touch /opt/python/.made
INSIDE
  inside bash /root/make-python
fi

if [ "${1:-}" = build ]; then
  shift
  rm -rf "$root/root/teleterm" && mkdir "$root/root/teleterm"
  git archive HEAD | tar -x -C "$root/root/teleterm"
  if [ "${1:-}" = --root ]; then # its keys go in with it
    cp "$2" "$root/root/root.json"
    shift 2
    set -- --root /root/root.json "$@"
  fi
  rm -rf "$root/root/wheels"
  # shellcheck disable=SC2046 # they are words
  .venv/bin/pip download -q --no-deps $(.venv/bin/python installer/promised.py marks "linux-$(uname -m)") \
    -r installer/pins.txt -d "$root/root/wheels"
  inside LD_LIBRARY_PATH=/opt/python/lib PIP_NO_INDEX=1 PIP_FIND_LINKS=/root/wheels /opt/python/bin/python3.11 /root/teleterm/installer/build.py \
    --python /opt/python/bin/python3.11 --out /root/dist --max-glibc "$(.venv/bin/python installer/promised.py glibc)" "$@"
  mkdir -p dist
  rm -rf dist/old && cp -a "$root/root/dist" dist/old
fi
