#!/bin/bash
# A real OpenStack (Debian 12 packages, Zed) on loopback, no systemd, no docker.  Run as root.  Idempotent.
# Everything it writes of its own lies in the state folder: LAB_STATE, by default output/peers/openstack of the checkout.
set -euo pipefail
LAB=$(cd "$(dirname "$0")" && pwd)
ST=${LAB_STATE:-$(cd "$LAB/../../.." && pwd)/output/peers/openstack}
[ "$(id -u)" = 0 ] || { echo "needs root: it installs packages and runs libvirt" >&2; exit 2; }
command -v apt-get >/dev/null && [ -e /etc/debian_version ] || { echo "needs Debian: the services come from its packages" >&2; exit 2; }
case $ST in /*) ;; *) echo "LAB_STATE must be an absolute path" >&2; exit 2;; esac
case $ST in *[[:space:]]*) echo "the state folder's path must be without spaces; choose another with LAB_STATE" >&2; exit 2;; esac
# sun_path of a Unix socket has 108 bytes
[ ${#ST} -le 80 ] || { echo "the state folder's path is too long for Unix sockets; choose another with LAB_STATE" >&2; exit 2; }
FAKES=${LAB_FAKES:-2}            # number of extra nova-compute with the fake (live-migrating) driver
PW=${LAB_PASSWORD:-labpass}
export PATH=$ST/shim:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 PYTHONWARNINGS=ignore
unset PYTHONPATH VIRTUAL_ENV http_proxy https_proxy HTTP_PROXY HTTPS_PROXY; export no_proxy='*'
RUN=$ST/run LOG=$ST/log ETC=$ST/etc
if [ ! -e "$RUN/keystone.pid" ] && (exec 3<>/dev/tcp/127.0.0.1/5000) 2>/dev/null; then echo "something else already listens on 127.0.0.1:5000" >&2; exit 3; fi
mkdir -p "$ST/shim" "$RUN" "$LOG" "$ETC" "$ST"/{tmp,glance/images,glance/staging,glance/tasks,nova/instances,cinder/export,cinder/conv,mnt,libvirt,keystone,neutron,mysqlrun}
chmod 755 "$ST"
T0=$(date +%s.%N); TP=$T0
step() { local n; n=$(date +%s.%N); printf '%7.1fs (+%.1fs) %s\n' "$(echo "$n-$T0"|bc)" "$(echo "$n-$TP"|bc)" "$*" | tee -a "$LOG/timing.log"; TP=$n; }
command -v bc >/dev/null || bc() { python3 -c 'import sys;print(eval(sys.stdin.read()))'; }
echo "== up $(date -u +%FT%TZ)" >> "$LOG/timing.log"

# ---------------------------------------------------------------- packages
PKGS="iptables python3-keystone python3-glance glance-common python3-placement placement-common python3-nova nova-common
 python3-cinder cinder-common python3-neutron neutron-common uwsgi-core uwsgi-plugin-python3 rabbitmq-server
 mariadb-server-core mariadb-client-core python3-pymysql libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients python3-libvirt
 qemu-system-x86 qemu-utils python3-openstackclient curl iproute2 fdisk sudo
 busybox-static syslinux syslinux-common mtools dosfstools cpio kmod genisoimage ovmf systemd-boot-efi binutils"
printf '#!/bin/sh\nexit 0\n' > "$ST/shim/py3compile"; chmod +x "$ST/shim/py3compile"
cp "$ST/shim/py3compile" "$ST/shim/update-initramfs"
MISSING=""
for p in $PKGS; do dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null | grep -q '^ii' || MISSING="$MISSING $p"; done
if [ -n "$MISSING" ]; then
  if [ ! -e /usr/sbin/policy-rc.d ]; then printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; fi
  command -v debconf-set-selections >/dev/null && debconf-set-selections <<E || true
man-db man-db/auto-update boolean false
nova-common nova/configure_db boolean false
glance-common glance/configure_db boolean false
cinder-common cinder/configure_db boolean false
neutron-common neutron/configure_db boolean false
placement-common placement/configure_db boolean false
E
  rm -f /var/lib/man-db/auto-update
  APT="apt-get -y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-unsafe-io -o Dpkg::Options::=--force-confold -o DPkg::Path=$PATH"
  $APT install $MISSING > "$LOG/apt.log" 2>&1 || { apt-get update >> "$LOG/apt.log" 2>&1; $APT install $MISSING >> "$LOG/apt.log" 2>&1; } || { tail -30 "$LOG/apt.log"; exit 1; }
  step "apt install"
fi

# ---------------------------------------------------------------- helpers
alive() { [ -s "$RUN/$1.pid" ] && kill -0 "$(cat "$RUN/$1.pid")" 2>/dev/null; }
start() { # name command...
  local n=$1; shift
  alive "$n" && return 0
  ( cd "$ST"; exec setsid "$@" </dev/null >>"$LOG/$n.log" 2>&1 ) & echo $! > "$RUN/$n.pid"; disown $! 2>/dev/null || true
}
wait_for() { # seconds description command...
  local s=$1 d=$2 e; shift 2; e=$((SECONDS+s))
  until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $e ] || { echo "timed out waiting for $d" >&2; return 1; }; sleep 0.25; done
}
http_up() { local c; c=$(curl -s -o /dev/null -w '%{http_code}' --max-time 5 "$1"); [ "$c" != 000 ] && [ "$c" -lt 500 ]; }

# ---------------------------------------------------------------- configuration files
DB() { echo "mysql+pymysql://root@localhost/$1?unix_socket=$ST/mysqlrun/mysql.sock&charset=utf8"; }
RABBIT="rabbit://guest:guest@127.0.0.1:5672/"
authsec() { cat <<E
auth_type = password
auth_url = http://127.0.0.1:5000/v3
username = svc
password = $PW
project_name = service
user_domain_name = Default
project_domain_name = Default
region_name = RegionOne
E
}
common() { cat <<E
[DEFAULT]
transport_url = $RABBIT
state_path = $ST/$1
my_ip = 127.0.0.1
debug = ${LAB_DEBUG:-false}
rpc_response_timeout = 60
$(cat)
[database]
connection = $(DB "$1")
max_pool_size = 10
max_overflow = 20
[oslo_concurrency]
lock_path = $ST/$1/lock
[oslo_messaging_notifications]
driver = noop
[oslo_messaging_rabbit]
heartbeat_timeout_threshold = 0
[keystone_authtoken]
www_authenticate_uri = http://127.0.0.1:5000/
service_token_roles = service
service_token_roles_required = true
token_cache_time = 300
$(authsec)
[service_user]
send_service_user_token = true
$(authsec)
E
}
mkconf() {
cat > "$ETC/keystone.conf" <<E
[DEFAULT]
log_file =
[database]
connection = $(DB keystone)
[token]
provider = fernet
expiration = 86400
[fernet_tokens]
key_repository = $ST/keystone/fernet
[credential]
key_repository = $ST/keystone/cred
[cache]
enabled = true
backend = dogpile.cache.memory
[identity]
password_hash_rounds = 4
E
common glance > "$ETC/glance-api.conf" <<E
bind_host = 127.0.0.1
bind_port = 9292
workers = 1
enabled_backends = file:file
enabled_import_methods = [glance-direct,web-download,copy-image]
show_image_direct_url = true
show_multiple_locations = true
node_staging_uri = file://$ST/glance/staging
image_size_cap = 1099511627776
[paste_deploy]
flavor = keystone
config_file = /etc/glance/glance-api-paste.ini
[glance_store]
default_backend = file
[file]
filesystem_store_datadir = $ST/glance/images
[os_glance_staging_store]
filesystem_store_datadir = $ST/glance/staging
[os_glance_tasks_store]
filesystem_store_datadir = $ST/glance/tasks
[import_filtering_opts]
allowed_hosts = [127.0.0.1,localhost]
allowed_ports = []
[oslo_policy]
enforce_scope = false
enforce_new_defaults = false
E
cat > "$ETC/placement.conf" <<E
[DEFAULT]
[api]
auth_strategy = keystone
[placement_database]
connection = $(DB placement)
[keystone_authtoken]
www_authenticate_uri = http://127.0.0.1:5000/
$(authsec)
E
# nova: one file for api/conductor/scheduler, one more per nova-compute
common nova > "$ETC/nova.conf" <<E
instances_path = $ST/nova/instances
osapi_compute_listen = 127.0.0.1
osapi_compute_workers = 1
enabled_apis = osapi_compute
api_paste_config = /etc/nova/api-paste.ini
use_rootwrap_daemon = false
rootwrap_config = /etc/nova/rootwrap.conf
vif_plugging_is_fatal = false
vif_plugging_timeout = 0
shutdown_timeout = 5
block_device_allocate_retries = 300
block_device_allocate_retries_interval = 1
service_down_time = 120
report_interval = 15
compute_driver = libvirt.LibvirtDriver
allow_resize_to_same_host = true
mkisofs_cmd = genisoimage
force_config_drive = false
update_resources_interval = 20
resume_guests_state_on_host_boot = true
default_schedule_zone = nova
[api_database]
connection = $(DB nova_api)
[api]
auth_strategy = keystone
[conductor]
workers = 1
[scheduler]
workers = 1
discover_hosts_in_cells_interval = 15
[filter_scheduler]
enabled_filters = ComputeFilter,ComputeCapabilitiesFilter,ImagePropertiesFilter,ServerGroupAntiAffinityFilter,ServerGroupAffinityFilter
[quota]
cores = -1
instances = -1
ram = -1
[glance]
api_servers = http://127.0.0.1:9292
$(authsec)
[cinder]
catalog_info = volumev3::publicURL
$(authsec)
[neutron]
service_metadata_proxy = false
$(authsec)
[placement]
$(authsec)
[vnc]
enabled = false
[privsep_osbrick]
helper_command = privsep-helper --config-file $ETC/nova.conf
[nova_sys_admin]
helper_command = privsep-helper --config-file $ETC/nova.conf
[vif_plug_linux_bridge_privileged]
helper_command = privsep-helper --config-file $ETC/nova.conf
[vif_plug_ovs_privileged]
helper_command = privsep-helper --config-file $ETC/nova.conf
[libvirt]
connection_uri = qemu+unix:///system?socket=$ST/libvirt/libvirt-sock
virt_type = qemu
cpu_mode = none
inject_partition = -2
images_type = qcow2
nfs_mount_point_base = $ST/nova/mnt
num_pcie_ports = 12
swtpm_enabled = false
rx_queue_size = 256
[compute]
consecutive_build_service_disable_threshold = 0
E
for i in $(seq 1 "$FAKES"); do cat > "$ETC/nova-fake$i.conf" <<E
[DEFAULT]
host = fake$i
compute_driver = fake.FakeLiveMigrateDriver
state_path = $ST/nova/fake$i
instances_path = $ST/nova/fake$i/instances
E
mkdir -p "$ST/nova/fake$i/instances"; done
common cinder > "$ETC/cinder.conf" <<E
osapi_volume_listen = 127.0.0.1
osapi_volume_workers = 1
api_paste_config = /etc/cinder/api-paste.ini
rootwrap_config = /etc/cinder/rootwrap.conf
auth_strategy = keystone
glance_api_servers = http://127.0.0.1:9292
image_conversion_dir = $ST/cinder/conv
enabled_backends = lab1,lab2
default_volume_type = lab
enable_force_upload = true
backup_use_same_host = true
target_ip_address = 127.0.0.1
volume_usage_audit_period = hour
volume_clear = none
quota_volumes = -1
quota_gigabytes = -1
quota_snapshots = -1
rootwrap = /etc/cinder/rootwrap.conf
[privsep_osbrick]
helper_command = privsep-helper --config-file $ETC/cinder.conf
[cinder_sys_admin]
helper_command = privsep-helper --config-file $ETC/cinder.conf
[nova]
interface = public
$(authsec)
$(for b in lab1 lab2; do cat <<B
[$b]
volume_backend_name = $b
volume_driver = lab_cinder.LabNfsDriver
nas_host = 127.0.0.1
nas_share_path = /lab-$b
nfs_mount_point_base = $ST/cinder/mnt
nfs_sparsed_volumes = true
nfs_snapshot_support = true
nas_secure_file_operations = false
nas_secure_file_permissions = false
max_over_subscription_ratio = 100
reserved_percentage = 0
B
done)
E
common neutron > "$ETC/neutron.conf" <<E
bind_host = 127.0.0.1
bind_port = 9696
api_workers = 0
rpc_workers = 0
rpc_state_report_workers = 0
core_plugin = ml2
service_plugins = router
auth_strategy = keystone
api_paste_config = /etc/neutron/api-paste.ini
api_extensions_path =
allow_overlapping_ips = true
notify_nova_on_port_status_changes = true
notify_nova_on_port_data_changes = true
dhcp_agent_notification = false
[quotas]
quota_network = -1
quota_subnet = -1
quota_port = -1
quota_router = -1
quota_security_group = -1
quota_security_group_rule = -1
[nova]
$(authsec)
[placement]
$(authsec)
[ml2]
type_drivers = local,flat,vlan,vxlan
tenant_network_types = local
mechanism_drivers = labmech
extension_drivers = port_security
[ml2_type_flat]
flat_networks = *
[ml2_type_vlan]
network_vlan_ranges = physnet1:100:200
[ml2_type_vxlan]
vni_ranges = 1:1000
[securitygroup]
enable_security_group = true
E
mkdir -p "$ST/py/lab_plugins-1.0.dist-info"
cp "$LAB"/py/*.py "$ST/py/"
cat > "$ST/py/lab_plugins-1.0.dist-info/entry_points.txt" <<'E'
[neutron.ml2.mechanism_drivers]
labmech = lab_mech:LabMech
E
printf 'Metadata-Version: 2.1\nName: lab-plugins\nVersion: 1.0\n' > "$ST/py/lab_plugins-1.0.dist-info/METADATA"
# a stand-in for mount.nfs: "127.0.0.1:/lab-xxx" is a bind mount of a local directory (this kernel has no NFS client)
if [ ! -e /sbin/mount.nfs ] || grep -q LAB-STANDIN /sbin/mount.nfs 2>/dev/null; then cat > /sbin/mount.nfs <<E
#!/bin/sh
# LAB-STANDIN for mount.nfs
[ \$# -ge 2 ] || { echo "usage: mount.nfs remotetarget dir" >&2; exit 1; }
d=$ST/cinder/export\${1#*:}
[ -d "\$d" ] || { echo "mount.nfs: access denied by server while mounting \$1" >&2; exit 32; }
exec /bin/mount --bind "\$d" "\$2"
E
chmod 755 /sbin/mount.nfs; fi
mkdir -p "$ST"/cinder/export/lab-lab1 "$ST"/cinder/export/lab-lab2 "$ST"/cinder/mnt "$ST"/nova/mnt
cat > "$ETC/libvirtd.conf" <<E
unix_sock_dir = "$ST/libvirt"
auth_unix_ro = "none"
auth_unix_rw = "none"
unix_sock_rw_perms = "0700"
log_level = 3
log_outputs = "3:stderr"
host_uuid_source = "machine-id"
E
[ -s /etc/machine-id ] || sed -i '/host_uuid_source/d' "$ETC/libvirtd.conf"
mkdir -p /etc/libvirt
# libvirt's qemu driver resolves its built-in default user before it reads qemu.conf
getent passwd libvirt-qemu >/dev/null || useradd --system --no-create-home --shell /usr/sbin/nologin --user-group libvirt-qemu
cat > /etc/libvirt/qemu.conf <<E
# written by the OpenStack lab
user = "root"
group = "root"
security_driver = "none"
dynamic_ownership = 0
remember_owner = 0
namespaces = []
cgroup_controllers = []
stdio_handler = "file"
max_core = 0
E
}
mkconf
step "configuration written"

# ---------------------------------------------------------------- a tiny bootable guest, built beside the rest
{ LAB_STATE=$ST "$LAB/guest.sh" && { LAB_STATE=$ST bash "$LAB/guest-uefi.sh" || echo "no UEFI guest: the tests that need it are skipped"; }; } > "$LOG/guest.log" 2>&1 & GUESTP=$!
# ---------------------------------------------------------------- database and message broker
if ! alive mariadb; then
  if [ ! -d "$ST/mysql/mysql" ]; then
    mysql_install_db --no-defaults --user=root --datadir="$ST/mysql" --auth-root-authentication-method=normal --skip-test-db > "$LOG/mysql_install.log" 2>&1
    step "mariadb data directory"
  fi
  start mariadb mariadbd --no-defaults --user=root --datadir="$ST/mysql" --socket="$ST/mysqlrun/mysql.sock" --pid-file="$ST/mysqlrun/pid" \
    --skip-networking --skip-grant-tables --skip-log-bin --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --sync-binlog=0 \
    --innodb-buffer-pool-size=128M --innodb-log-file-size=64M --max-connections=500 --character-set-server=utf8 --collation-server=utf8_general_ci --performance-schema=0
fi
if ! alive rabbitmq && ! (exec 3<>/dev/tcp/127.0.0.1/4369) 2>/dev/null; then
  ( exec setsid $(ls /usr/lib/erlang/erts-*/bin/epmd | head -1) -address 127.0.0.1 </dev/null >"$LOG/epmd.log" 2>&1 ) & echo $! > "$ST/epmd.pid"
fi
start rabbitmq env HOME="$ST/tmp" RABBITMQ_NODENAME=lab@localhost RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT=5672 \
  RABBITMQ_MNESIA_BASE="$ST/rabbit" RABBITMQ_LOG_BASE="$LOG/rabbit" RABBITMQ_PID_FILE="$RUN/rabbit-beam.pid" RABBITMQ_CONFIG_FILE="$ETC/rabbitmq" \
  RABBITMQ_ENABLED_PLUGINS_FILE="$ETC/rabbit_plugins" ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_DIST_PORT=25672 \
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none" /usr/lib/rabbitmq/bin/rabbitmq-server
wait_for 60 mariadb python3 -c "import pymysql;pymysql.connect(unix_socket='$ST/mysqlrun/mysql.sock',user='root')"
step "mariadb up"

# ---------------------------------------------------------------- schemas
if [ ! -e "$ST/.synced" ]; then
  python3 - <<E
import pymysql
c=pymysql.connect(unix_socket='$ST/mysqlrun/mysql.sock',user='root').cursor()
for d in 'keystone glance placement nova_api nova nova_cell0 cinder neutron'.split():
    c.execute('create database if not exists %s character set utf8' % d)
E
  mkdir -p "$ST"/keystone/{fernet,cred}
  ( keystone-manage --config-file "$ETC/keystone.conf" fernet_setup --keystone-user root --keystone-group root
    keystone-manage --config-file "$ETC/keystone.conf" credential_setup --keystone-user root --keystone-group root
    keystone-manage --config-file "$ETC/keystone.conf" db_sync
    keystone-manage --config-file "$ETC/keystone.conf" bootstrap --bootstrap-password "$PW" --bootstrap-public-url http://127.0.0.1:5000/v3/ --bootstrap-internal-url http://127.0.0.1:5000/v3/ --bootstrap-admin-url http://127.0.0.1:5000/v3/ --bootstrap-region-id RegionOne
  ) > "$LOG/sync-keystone.log" 2>&1 & p1=$!
  ( neutron-db-manage --config-file "$ETC/neutron.conf" upgrade heads ) > "$LOG/sync-neutron.log" 2>&1 & p2=$!
  wait $p1 || { tail -20 "$LOG/sync-keystone.log"; exit 1; }
  step "keystone schema + bootstrap"
  ( nova-manage --config-file "$ETC/nova.conf" api_db sync
    nova-manage --config-file "$ETC/nova.conf" cell_v2 map_cell0 --database_connection "$(DB nova_cell0)"
    nova-manage --config-file "$ETC/nova.conf" cell_v2 list_cells | grep -q cell1 || nova-manage --config-file "$ETC/nova.conf" cell_v2 create_cell --name cell1 --verbose
    nova-manage --config-file "$ETC/nova.conf" db sync ) > "$LOG/sync-nova.log" 2>&1 & p3=$!
  ( glance-manage --config-file "$ETC/glance-api.conf" db_sync
    placement-manage --config-file "$ETC/placement.conf" db sync
    cinder-manage --config-file "$ETC/cinder.conf" db sync ) > "$LOG/sync-other.log" 2>&1 & p4=$!
  wait $p2 || { tail -20 "$LOG/sync-neutron.log"; exit 1; }
  step "neutron schema"
  wait $p4 || { tail -20 "$LOG/sync-other.log"; exit 1; }
  step "glance, placement, cinder schemas"
  wait $p3 || { tail -20 "$LOG/sync-nova.log"; exit 1; }
  step "nova schemas"
  touch "$ST/.synced"
fi

# ---------------------------------------------------------------- services
PYX="env PYTHONPATH=$ST/py"
py() { start "$1" $PYX python3 -c "import sys; sys.argv=['$1']+sys.argv[1:]; from $2 import main; sys.exit(main())" "${@:3}"; }
wsgi() { # name port file env
  start "$1" env OS_KEYSTONE_CONFIG_FILES="$ETC/keystone.conf" OS_PLACEMENT_CONFIG_DIR="$ETC" \
    uwsgi --plugins-dir /usr/lib/uwsgi/plugins --need-plugin python3 --http-socket "127.0.0.1:$2" --wsgi-file "$3" --master --processes "${4:-2}" --threads 2 --enable-threads \
    --die-on-term --lazy-apps --buffer-size 65535 --add-header "Connection: close" --thunder-lock --need-app --disable-logging ${5:-}
}
wsgi keystone 5000 /usr/bin/keystone-wsgi-public 2
wsgi placement 8778 /usr/bin/placement-api 1
start libvirtd libvirtd --config "$ETC/libvirtd.conf" --pid-file "$RUN/libvirtd-own.pid"
wait_for 90 rabbitmq bash -c "exec 3<>/dev/tcp/127.0.0.1/5672"
step "rabbitmq up"
wait_for 60 keystone http_up http://127.0.0.1:5000/v3
step "keystone up"
py glance-api glance.cmd.api --config-file "$ETC/glance-api.conf"
py nova-conductor nova.cmd.conductor --config-file "$ETC/nova.conf"
start neutron-server $PYX neutron-server --config-file "$ETC/neutron.conf"
py nova-api nova.cmd.api_os_compute --config-file "$ETC/nova.conf"
py nova-scheduler nova.cmd.scheduler --config-file "$ETC/nova.conf"
py cinder-api cinder.cmd.api --config-file "$ETC/cinder.conf"
py cinder-scheduler cinder.cmd.scheduler --config-file "$ETC/cinder.conf"

# ---------------------------------------------------------------- catalogue, users
cat > "$ST/bootstrap.py" <<'E'
import json, os, sys, openstack
st, pw = sys.argv[1], sys.argv[2]
c = openstack.connect(auth=dict(auth_url='http://127.0.0.1:5000/v3', username='admin', password=pw, project_name='admin', user_domain_name='Default', project_domain_name='Default'), region_name='RegionOne')
i = c.identity
roles = {r.name: r for r in i.roles()}
for r in ('service', 'member', 'reader'):
    if r not in roles: roles[r] = i.create_role(name=r)
def proj(n): return i.find_project(n) or i.create_project(name=n, domain_id='default')
def user(n, p): return i.find_user(n) or i.create_user(name=n, password=pw, domain_id='default', default_project_id=p.id)
sp, dp = proj('service'), proj('demo')
svc, demo = user('svc', sp), user('demo', dp)
for r in ('admin', 'service'): i.assign_project_role_to_user(sp, svc, roles[r])
for r in ('member', 'reader'): i.assign_project_role_to_user(dp, demo, roles[r])
have = {s.type for s in i.services()}
for n, t, u in (('glance', 'image', 'http://127.0.0.1:9292'), ('placement', 'placement', 'http://127.0.0.1:8778'), ('nova', 'compute', 'http://127.0.0.1:8774/v2.1'),
                ('cinderv3', 'volumev3', 'http://127.0.0.1:8776/v3/%(project_id)s'), ('cinder', 'block-storage', 'http://127.0.0.1:8776/v3/%(project_id)s'), ('neutron', 'network', 'http://127.0.0.1:9696')):
    if t in have: continue
    s = i.create_service(name=n, type=t)
    for f in ('public', 'internal', 'admin'): i.create_endpoint(service_id=s.id, interface=f, url=u, region_id='RegionOne')
f = st + '/app-credential.json'
if not os.path.exists(f):
    d = openstack.connect(auth=dict(auth_url='http://127.0.0.1:5000/v3', username='demo', password=pw, project_name='demo', user_domain_name='Default', project_domain_name='Default'), region_name='RegionOne')
    a = d.identity.create_application_credential(user=demo.id, name='lab-app', unrestricted=False, roles=[{'name': 'member'}, {'name': 'reader'}])
    json.dump(dict(id=a.id, name=a.name, secret=a.secret, project_id=dp.id, user_id=demo.id), open(f, 'w'))
E
cat > "$ST/bootstrap2.py" <<'E'
import os, subprocess, sys, time, openstack
st, pw, fakes = sys.argv[1], sys.argv[2], int(sys.argv[3])
c = openstack.connect(auth=dict(auth_url='http://127.0.0.1:5000/v3', username='admin', password=pw, project_name='admin', user_domain_name='Default', project_domain_name='Default'), region_name='RegionOne', compute_default_microversion='2.90')
have = {f.name for f in c.compute.flavors(is_public=None)}
for n, r, v, d in (('m1.nano', 128, 1, 1), ('m1.tiny', 256, 1, 1), ('m1.small', 512, 1, 5), ('m1.medium', 1024, 2, 10), ('m1.large', 2048, 4, 20)):
    if n not in have: c.compute.create_flavor(name=n, ram=r, vcpus=v, disk=d)
def net(n, **k):
    x = c.network.find_network(n)
    if not x:
        x = c.network.create_network(name=n, **k)
    return x
dp = c.identity.find_project('demo')
lab = net('lab-net', is_shared=True)
if not c.network.find_subnet('lab-subnet'): c.network.create_subnet(network_id=lab.id, name='lab-subnet', cidr='10.20.0.0/24', ip_version=4, gateway_ip='10.20.0.1', enable_dhcp=True)
dn = net('demo-net', project_id=dp.id)
if not c.network.find_subnet('demo-subnet'): c.network.create_subnet(network_id=dn.id, project_id=dp.id, name='demo-subnet', cidr='10.22.0.0/24', ip_version=4, gateway_ip='10.22.0.1', enable_dhcp=True)
pn = net('phys-net', is_shared=True, provider_network_type='vlan', provider_physical_network='physnet1', provider_segmentation_id=101)
if not c.network.find_subnet('phys-subnet'): c.network.create_subnet(network_id=pn.id, name='phys-subnet', cidr='10.21.0.0/24', ip_version=4, gateway_ip=None, enable_dhcp=False)
types = {t.name for t in c.block_storage.types()}
if 'lab' not in types:
    c.block_storage.create_type(name='lab', extra_specs={'volume_backend_name': 'lab1'})
    c.block_storage.create_type(name='lab2', extra_specs={'volume_backend_name': 'lab2'})
want = 1 + fakes
end = time.time() + 90
while True:
    up = [s for s in c.compute.services(binary='nova-compute') if s.state == 'up']
    if len(up) >= want and not os.path.exists(st + '/.discovered'):
        # a host without a cell mapping is missing from os-hypervisors and from every schedule; do not wait for the periodic task
        subprocess.run(['nova-manage', '--config-file', st + '/etc/nova.conf', 'cell_v2', 'discover_hosts'], check=True, stdout=open(st + '/log/discover.log', 'a'), stderr=subprocess.STDOUT)
        open(st + '/.discovered', 'w').close()
    hv = list(c.compute.hypervisors())
    vol = [s for s in c.block_storage.get('/os-services').json()['services'] if s['binary'] == 'cinder-volume' and s['state'] == 'up']
    if len(up) >= want and len(hv) >= want and len(vol) >= 2: break
    if time.time() > end: sys.exit('computes/volumes not up: %r %r %r' % (up, hv, vol))
    time.sleep(0.5)
import socket
if not any(a.name == 'real' for a in c.compute.aggregates()):
    a = c.compute.create_aggregate(name='real', availability_zone='nova')
    c.compute.add_host_to_aggregate(a, [s.host for s in up if not s.host.startswith('fake')][0])
if fakes and not any(a.name == 'fake' for a in c.compute.aggregates()):
    a = c.compute.create_aggregate(name='fake', availability_zone='fake')
    for n in range(fakes): c.compute.add_host_to_aggregate(a, 'fake%d' % (n + 1))
E
cat > "$ST/image.py" <<'E'
import sys, openstack
st, pw = sys.argv[1:3]
c = openstack.connect(auth=dict(auth_url='http://127.0.0.1:5000/v3', username='admin', password=pw, project_name='admin', user_domain_name='Default', project_domain_name='Default'), region_name='RegionOne')
for n, f in (('lab-guest', 'qcow2'), ('lab-guest-raw', 'raw')):
    if not c.image.find_image(n):
        c.create_image(n, filename=st + '/guest.' + f, disk_format=f, container_format='bare', wait=True, visibility='public')
E
if [ ! -e "$ST/.bootstrapped1" ]; then python3 "$ST/bootstrap.py" "$ST" "$PW" || exit 1; touch "$ST/.bootstrapped1"; step "users, catalogue, application credential"; fi
wait_for 60 placement http_up http://127.0.0.1:8778/
py nova-compute nova.cmd.compute --config-file "$ETC/nova.conf"
for i in $(seq 1 "$FAKES"); do py "nova-compute-fake$i" nova.cmd.compute --config-file "$ETC/nova.conf" --config-file "$ETC/nova-fake$i.conf"; done
start cinder-volume $PYX python3 -c "import sys; sys.argv=['cinder-volume']+sys.argv[1:]; from cinder.cmd.volume import main; sys.exit(main())" --config-file "$ETC/cinder.conf"
wait_for 90 glance http_up http://127.0.0.1:9292/; step "glance up"
wait_for 90 nova http_up http://127.0.0.1:8774/;   step "nova-api up"
wait_for 90 cinder http_up http://127.0.0.1:8776/; step "cinder-api up"
wait_for 90 neutron http_up http://127.0.0.1:9696/; step "neutron up"

# ---------------------------------------------------------------- client files
cat > "$ST/clouds.yaml" <<E
clouds:
  lab:
    region_name: RegionOne
    identity_api_version: 3
    auth: {auth_url: "http://127.0.0.1:5000/v3", username: demo, password: "$PW", project_name: demo, user_domain_name: Default, project_domain_name: Default}
  lab-admin:
    region_name: RegionOne
    identity_api_version: 3
    auth: {auth_url: "http://127.0.0.1:5000/v3", username: admin, password: "$PW", project_name: admin, user_domain_name: Default, project_domain_name: Default}
  lab-app:
    region_name: RegionOne
    identity_api_version: 3
    auth_type: v3applicationcredential
    auth: {auth_url: "http://127.0.0.1:5000/v3", application_credential_id: "$(python3 -c "import json;print(json.load(open('$ST/app-credential.json'))['id'])")", application_credential_secret: "$(python3 -c "import json;print(json.load(open('$ST/app-credential.json'))['secret'])")"}
E
cat > "$ST/openrc" <<E
export OS_AUTH_URL=http://127.0.0.1:5000/v3 OS_IDENTITY_API_VERSION=3 OS_USERNAME=demo OS_PASSWORD=$PW OS_PROJECT_NAME=demo OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default OS_REGION_NAME=RegionOne
E
chmod 600 "$ST/clouds.yaml" "$ST/openrc"
python3 "$ST/bootstrap2.py" "$ST" "$PW" "$FAKES" || exit 1
step "computes and volume backends up, flavors, networks"
wait $GUESTP || { echo "the guest image was not made:"; tail "$LOG/guest.log"; exit 1; }
if [ ! -e "$ST/.image" ]; then python3 "$ST/image.py" "$ST" "$PW" && touch "$ST/.image"; step "guest image in glance"; fi
step "READY"
