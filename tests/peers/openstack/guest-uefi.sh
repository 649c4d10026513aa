#!/bin/bash
# builds guest-uefi.raw: the kernel and initramfs of guest.sh as one EFI program on the ESP of a GPT disk; needs guest.sh to have run
set -euo pipefail
LAB=${LAB:-$(cd "$(dirname "$0")" && pwd)}; ST=${LAB_STATE:-$LAB/state}; W=$ST/guest; export PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive
[ -s "$ST/guest-uefi.raw" ] && exit 0
STUB=/usr/lib/systemd/boot/efi/linuxx64.efi.stub
[ -e "$STUB" ] && command -v objcopy >/dev/null || apt-get install -y --no-install-recommends systemd-boot-efi binutils >/dev/null
cd "$W"
printf 'console=tty0 console=ttyS0,115200 quiet loglevel=4 net.ifnames=0 panic=5 mitigations=off tsc=reliable' > cmdline
printf 'NAME=guest\n' > osrel
# addresses of the sections: behind everything the stub itself has, each on a page of its own
base=0
while read -r _ _ size vma _; do end=$(( 16#$size + 16#$vma )); [ "$end" -gt "$base" ] && base=$end; done < <(objdump -h "$STUB" | grep -E '^ +[0-9]+ \.')
at() { echo $(( (base + 4095) / 4096 * 4096 )); }
args=()
for s in osrel:osrel cmdline:cmdline linux:vmlinuz initrd:initrd.gz; do
  a=$(at); args+=(--add-section ".${s%%:*}=${s##*:}" --change-section-vma ".${s%%:*}=$a"); base=$(( a + $(stat -c %s "${s##*:}") ))
done
objcopy "${args[@]}" "$STUB" guest.efi
rm -f guest-uefi.raw esp.img; truncate -s 96M guest-uefi.raw; truncate -s 64M esp.img
printf 'label: gpt\nstart=2048, size=131072, type=uefi, name=ESP\n' | sfdisk -q guest-uefi.raw
mkfs.vfat -F 32 -n LABUEFI esp.img >/dev/null
export MTOOLS_SKIP_CHECK=1
mmd -i esp.img ::/EFI ::/EFI/BOOT
mcopy -i esp.img guest.efi ::/EFI/BOOT/BOOTX64.EFI
mcopy -i esp.img marker.txt ::marker.txt
dd if=esp.img of=guest-uefi.raw bs=1M seek=1 conv=notrunc,sparse status=none
mv guest-uefi.raw "$ST"/
