#!/bin/bash
# builds guest.raw / guest.qcow2: Debian cloud kernel + busybox initramfs + syslinux on FAT, serial console on ttyS0
set -euo pipefail
LAB=$(cd "$(dirname "$0")" && pwd); ST=${LAB_STATE:-$(cd "$LAB/../../.." && pwd)/output/peers/openstack}; W=$ST/guest; export PATH=/usr/sbin:/usr/bin:/sbin:/bin
[ -s "$ST/guest.qcow2" ] && exit 0
rm -rf "$W"; mkdir -p "$W/root"/{bin,proc,sys,dev,lib/modules,mnt}; cd "$W"
K=$(ls /boot/vmlinuz-*cloud-amd64 2>/dev/null | sort -V | tail -1 || true); V=${K#/boot/vmlinuz-}; M=/lib/modules/$V
if [ -z "$K" ] || [ ! -d "$M/kernel" ]; then
  P=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends:/{print $2}' | head -1)
  apt-get download "$P" 2>&1 || { echo "the kernel package ${P:-linux-image-cloud-amd64} could not be downloaded" >&2; exit 1; }
  dpkg-deb -x "$P"_*.deb kx
  K=$(ls kx/boot/vmlinuz-*); V=${K#kx/boot/vmlinuz-}; M=$W/kx/lib/modules/$V
  [ -d "$M" ] || M=$W/kx/usr/lib/modules/$V
fi
cp /bin/busybox root/bin/busybox
for a in sh mount cat ls echo sleep insmod poweroff reboot dd sync grep dmesg blkid mkdir printf uname ip hexdump tr acpid head; do ln -sf busybox root/bin/$a; done
# an unpacked package has no module index yet
B=${M%/lib/modules/*}
[ -e "$M/modules.dep" ] || depmod -b "${B:-/}" "$V"
# modules in dependency order
MODS="virtio_pci virtio_blk virtio_net virtio_scsi sd_mod ata_piix ahci vfat nls_cp437 nls_ascii isofs sr_mod"
: > list
for m in $MODS; do f=$(find "$M" -name "$m.ko*" | head -1); [ -n "$f" ] || continue
  ( grep "^${f#$M/}:" "$M/modules.dep" 2>/dev/null | cut -d: -f2 | tr ' ' '\n' | tac; echo "${f#$M/}" ) | grep . >> list || true
done
awk '!s[$0]++' list > list2; n=0
while read -r f; do n=$((n+1)); cp "$M/$f" "root/lib/modules/$(printf %02d $n)-$(basename "$f")"; done < list2
cat > root/init <<'I'
#!/bin/sh
export PATH=/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
exec </dev/console >/dev/console 2>&1
for m in /lib/modules/*; do insmod $m 2>&1 | head -1; done
sleep 1
echo "GUEST-OK kernel=$(uname -r)"
echo "GUEST-CMDLINE $(cat /proc/cmdline)"
for d in /sys/block/*; do n=${d##*/}; case $n in ram*|loop*) continue;; esac; echo "GUEST-BLOCK $n sectors=$(cat $d/size) driver=$(ls -l $d/device/driver 2>/dev/null | grep -o '[^/]*$') serial=$(cat $d/serial 2>/dev/null)"; done
for d in /sys/class/net/*; do n=${d##*/}; [ $n = lo ] || echo "GUEST-NIC $n mac=$(cat $d/address) driver=$(ls -l $d/device/driver 2>/dev/null | grep -o '[^/]*$')"; done
grep -E 'MemTotal' /proc/meminfo | while read l; do echo "GUEST-MEM $l"; done
for k in sys_vendor product_name product_serial product_uuid; do [ -e /sys/class/dmi/id/$k ] && echo "GUEST-DMI $k=$(cat /sys/class/dmi/id/$k)"; done
[ -d /sys/firmware/efi ] && echo "GUEST-FW uefi" || echo "GUEST-FW bios"
mount -t vfat -o ro /dev/vda1 /mnt 2>/dev/null || mount -t vfat -o ro /dev/sda1 /mnt 2>/dev/null
[ -e /mnt/marker.txt ] && echo "GUEST-MARKER $(cat /mnt/marker.txt)"
echo "GUEST-DONE"
acpid -d >/dev/null 2>&1 &
while :; do sleep 3600; done
I
chmod 755 root/init
( cd root && find . | cpio -o -H newc --quiet | gzip -1 ) > initrd.gz
S=${GUEST_MIB:-64}
rm -f guest.raw; truncate -s ${S}M guest.raw
printf 'label: dos\nlabel-id: 0x4c414231\nstart=2048, type=c, bootable\n' | sfdisk -q guest.raw
truncate -s $((S-1))M fat.img; mkfs.vfat -F 16 -n LABGUEST fat.img >/dev/null
cp "$K" vmlinuz
cat > syslinux.cfg <<'C'
serial 0 115200
default lab
prompt 0
timeout 1
label lab
 kernel vmlinuz
 append initrd=initrd.gz console=tty0 console=ttyS0,115200 quiet loglevel=4 net.ifnames=0 panic=5 mitigations=off tsc=reliable
C
echo "made-$(date -u +%s)" > marker.txt
export MTOOLS_SKIP_CHECK=1
mcopy -i fat.img vmlinuz initrd.gz syslinux.cfg marker.txt ::
syslinux --install fat.img
dd if=fat.img of=guest.raw bs=1M seek=1 conv=notrunc,sparse status=none
dd if=/usr/lib/syslinux/mbr/mbr.bin of=guest.raw bs=440 count=1 conv=notrunc status=none
qemu-img convert -O qcow2 guest.raw guest.qcow2
mv guest.raw guest.qcow2 "$ST"/
