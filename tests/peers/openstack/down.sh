#!/bin/bash
# stops only what up.sh started (pid files), then takes the stand-in NFS mounts off
LAB=$(cd "$(dirname "$0")" && pwd); ST=${LAB_STATE:-$(cd "$LAB/../../.." && pwd)/output/peers/openstack}; RUN=$ST/run
[ -d "$ST" ] || exit 0
compgen -G "$RUN/*.pid" >/dev/null && WAS_UP=1 || WAS_UP=
stop() { local p; p=$(cat "$1" 2>/dev/null) || return 0; [ -n "$p" ] && kill -0 "$p" 2>/dev/null || { rm -f "$1"; return 0; }; kill -TERM -- "-$p" 2>/dev/null || kill -TERM "$p"
  for _ in $(seq 1 "${2:-40}"); do kill -0 "$p" 2>/dev/null || break; sleep 0.25; done; kill -0 "$p" 2>/dev/null && kill -KILL -- "-$p" 2>/dev/null; rm -f "$1"; }
[ -S "$ST/libvirt/libvirt-sock" ] && for d in $(virsh -c "qemu+unix:///system?socket=$ST/libvirt/libvirt-sock" list --name 2>/dev/null); do virsh -c "qemu+unix:///system?socket=$ST/libvirt/libvirt-sock" destroy "$d" >/dev/null 2>&1; done
# libvirt keeps definitions under /etc/libvirt/qemu: after a wipe Nova counts from instance-00000001 again and meets them
[ "${1:-}" = --wipe ] && [ -S "$ST/libvirt/libvirt-sock" ] && for d in $(virsh -c "qemu+unix:///system?socket=$ST/libvirt/libvirt-sock" list --all --name 2>/dev/null | grep '^instance-'); do virsh -c "qemu+unix:///system?socket=$ST/libvirt/libvirt-sock" undefine --nvram "$d" >/dev/null 2>&1; done
for f in "$RUN"/*.pid; do case $f in */rabbit*|*/mariadb*|*/libvirtd*) ;; *) stop "$f" & ;; esac; done; wait
stop "$RUN/libvirtd.pid"; stop "$RUN/rabbitmq.pid" 60; stop "$RUN/mariadb.pid" 80; E=$(cat "$ST/epmd.pid" 2>/dev/null) && [ -n "$E" ] && kill "$E" 2>/dev/null; rm -f "$ST/epmd.pid"
grep -o "$ST/[^ ]*/mnt/[0-9a-f]*" /proc/mounts | sort -r | while read -r m; do umount "$m"; done
# bridges that os-vif made for this lab's networks
[ -n "$WAS_UP" ] && for b in $(ip -br link show type bridge 2>/dev/null | awk '/^brq/{print $1}'); do ip link del "$b" 2>/dev/null; done
if [ "${1:-}" = --wipe ]; then
  # definitions that libvirt kept although it was stopped before
  grep -ls "$ST/" /etc/libvirt/qemu/instance-*.xml | while read -r f; do rm -f "$f"; done
  rm -rf --one-file-system "$ST"
fi
exit 0
