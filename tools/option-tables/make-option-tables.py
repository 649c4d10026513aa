#!/usr/bin/python3
"""Makes the option tables that Test-OpenStackConfig ships.

Run it where the OpenStack packages are installed, with the same Python that they use:

    make-option-tables.py zed 2022.2 "Debian 12 packages" src/OsMigrate/OpenStack/Configuration/Tables

It asks the packages for their own option definitions in the way of oslo-config-generator (entry points of the groups
oslo.config.opts, oslo.config.opts.defaults and keystoneauth1.plugin) and writes one compressed file per release: NAME.options.gz, lines of
tab-separated fields (see OptionTableReader.cs). No help texts are taken over, only names, types, bounds, defaults and deprecations;
the reasons of deprecations are the packages' words (Apache License 2.0).
"""
import gzip
import importlib.metadata
import io
import logging
import os
import socket
import subprocess
import sys
import warnings

warnings.simplefilter('ignore')
logging.disable(logging.CRITICAL)

from oslo_config import cfg, generator, types  # noqa: E402
from keystoneauth1 import loading  # noqa: E402

COMMON = ['oslo.log', 'oslo.messaging', 'oslo.policy', 'oslo.privsep', 'oslo.service.periodic_task', 'oslo.service.service',
          'oslo.service.sslutils', 'oslo.service.wsgi', 'oslo.db', 'oslo.db.concurrency', 'oslo.cache', 'oslo.concurrency', 'oslo.limit',
          'oslo.middleware', 'oslo.middleware.basic_auth', 'oslo.middleware.cors', 'oslo.middleware.healthcheck',
          'oslo.middleware.http_proxy_to_wsgi', 'oslo.middleware.sizelimit', 'oslo.middleware.ssl', 'oslo.reports', 'oslo.config',
          'oslo.versionedobjects', 'osprofiler', 'castellan.config', 'keystonemiddleware.auth_token', 'keystonemiddleware.audit']
PROJECTS = {
    'nova': ['nova.conf', 'os_vif', 'os_brick', 'os_win'],
    'cinder': ['cinder', 'os_brick'],
    'glance': ['glance', 'glance.api', 'glance.cache', 'glance.manage', 'glance.scrubber', 'glance.store', 'glance.multi_store', 'os_brick'],
    'keystone': ['keystone'],
    'neutron': ['neutron', 'neutron.agent', 'neutron.az.agent', 'neutron.base.agent', 'neutron.db', 'neutron.dhcp.agent',
                'neutron.experimental', 'neutron.extensions', 'neutron.l3.agent', 'neutron.metadata.agent', 'neutron.metering.agent', 'neutron.ml2',
                'neutron.ml2.linuxbridge.agent', 'neutron.ml2.macvtap.agent', 'neutron.ml2.ovn', 'neutron.ml2.ovs.agent',
                'neutron.ml2.sriov.agent', 'neutron.ovn.metadata.agent', 'neutron.ovn.agent', 'neutron.sriov.agent', 'nova.auth', 'ironic.auth',
                'placement.auth', 'neutron.services.metering', 'neutron.ml2.ovs', 'neutron.services.qos'],
    'placement': ['placement.conf'],
}
PACKAGES = {'nova': 'nova', 'cinder': 'cinder', 'glance': 'glance', 'keystone': 'keystone', 'neutron': 'neutron', 'placement': 'openstack-placement'}


def available():
    return {e.name for e in importlib.metadata.entry_points(group='oslo.config.opts')}


def type_of(t):
    """(kind, bounds, item, choices) of an option's type, as oslo.config checks it."""
    name = type(t).__name__
    if t in (str, int, float, bool):
        return {str: 'string', int: 'integer', float: 'float', bool: 'boolean'}[t], '', '', []
    if isinstance(t, types.List):
        kind, _, _, _ = type_of(t.item_type)
        lo, hi, choices = number(t.item_type) + (choices_of(t.item_type),)
        return ('list[%s]' % kind if t.bounds else 'list:%s' % kind), lo, hi, choices
    if isinstance(t, types.Dict):
        return ('dict[]' if t.bounds else 'dict'), '', '', []
    if isinstance(t, types.Port):
        return 'port', *number(t), choices_of(t)
    if isinstance(t, types.Integer):
        return 'integer', *number(t), choices_of(t)
    if isinstance(t, types.Float):
        return 'float', *number(t), choices_of(t)
    if isinstance(t, types.Boolean):
        return 'boolean', '', '', []
    if isinstance(t, types.HostDomain):
        return 'hostdomain', '', '', []
    if isinstance(t, types.HostAddress):
        return 'hostaddress', '', '', []
    if isinstance(t, types.Hostname):
        return 'hostname', '', '', []
    if isinstance(t, types.IPAddress):
        return 'ip', '', '', []
    if isinstance(t, types.URI):
        return 'uri', '', '', []
    if isinstance(t, types.Range):
        return 'range', '', '', []
    if isinstance(t, types.String):
        return ('string!' if choices_of(t) and not t.ignore_case else 'string'), '', '', choices_of(t)
    return 'other', '', '', []


def number(t):
    def text(v):
        return '' if v is None else '%g' % v if isinstance(v, float) else str(v)
    return text(getattr(t, 'min', None)), text(getattr(t, 'max', None))


def choices_of(t):
    return ['' if c is None else str(c) for c in (getattr(t, 'choices', None) or [])]


def default_of(opt):
    d = opt.sample_default if opt.sample_default is not None else opt.default
    if d is None:
        return ''
    if isinstance(d, bool):
        return str(d).lower()
    if isinstance(d, (list, tuple)):
        return ','.join(str(x) for x in d)
    if isinstance(d, dict):
        return ','.join('%s:%s' % kv for kv in sorted(d.items()))
    return str(d)


def clean(text, limit=600):
    return ' '.join(str(text or '').split())[:limit]


def escape(text):
    return str(text).replace('\\', '\\\\').replace('\t', '\\t').replace('\n', '\\n').replace('\r', '')


def row(opt, group):
    kind, lo, hi, choices = type_of(opt.type)
    flags = ''.join((
        'M' if opt.multi else '', 'S' if opt.secret else '', 'D' if opt.deprecated_for_removal else '', 'R' if opt.required else '',
        'U' if getattr(opt, 'mutable', False) else '', 'A' if getattr(opt, 'advanced', False) else ''))
    old = ';'.join('%s/%s' % (d.group or group, d.name or opt.dest) for d in opt.deprecated_opts)
    names = opt.name.replace('-', '_')
    return [group, opt.dest if opt.dest != names else names, kind, lo, hi, '|'.join(choices), default_of(opt), flags, old,
            opt.deprecated_since or '', clean(opt.deprecated_reason)]


def auth_rows():
    seen = {}
    for plugin in sorted(loading.get_available_plugin_names()):
        try:
            options = loading.get_plugin_loader(plugin).get_options()
        except Exception:
            continue
        for o in options:
            c = o._to_oslo_opt()
            r = row(c, '@auth')
            seen.setdefault(r[1], [r, []])[1].append(plugin)
    for c in loading.get_session_conf_options() + loading.get_adapter_conf_options() + loading.get_auth_common_conf_options():
        r = row(c, '@auth')
        seen.setdefault(r[1], [r, []])
    # the ways of writing the same option that the loaders accept
    for name, (r, plugins) in seen.items():
        yield r[:10] + [','.join(plugins)]


def project_rows(project):
    have = available()
    rows = {}
    for namespace, listing in generator._list_opts([n for n in PROJECTS[project] + COMMON if n in have]):
        for group, opts in listing:
            gname = getattr(group, 'name', str(group)) if group else 'DEFAULT'
            for o in opts:
                r = row(o, gname)
                key = (r[0], r[1])
                if key not in rows:
                    rows[key] = r
                else:
                    # the same option of two modules: the wider table of deprecated names
                    rows[key][8] = ';'.join(dict.fromkeys(filter(None, rows[key][8].split(';') + r[8].split(';'))))
    print(project, len(rows), 'options; not there:', *[n for n in PROJECTS[project] if n not in have], file=sys.stderr)
    return [['!project', project, importlib.metadata.version(PACKAGES[project])]] + sorted(rows.values())


def main():
    if len(sys.argv) == 2:
        # a process of its own for each project: they register options of the same name
        rows = [['!auth']] + sorted(auth_rows()) if sys.argv[1] == 'auth' else project_rows(sys.argv[1])
        sys.stdout.write(''.join('\t'.join(escape(f) for f in r) + '\n' for r in rows))
        return
    name, version, origin, folder = sys.argv[1:5]
    out = 'osmigrate-options 1\t%s\t%s\t%s\n' % (name, version, origin)
    for part in list(PROJECTS) + ['auth']:
        out += subprocess.run([sys.executable, __file__, part], check=True, stdout=subprocess.PIPE).stdout.decode()
    # facts of the machine it ran on are no defaults
    for own in (socket.gethostname(), socket.getfqdn()):
        if len(own) > 3:
            out = out.replace(own, '$HOSTNAME')
    buffer = io.BytesIO()
    with gzip.GzipFile(filename='', mode='wb', fileobj=buffer, mtime=0, compresslevel=9) as z:
        z.write(out.encode())
    with open(os.path.join(folder, name + '.options.gz'), 'wb') as f:
        f.write(buffer.getvalue())
    print(len(out), 'characters,', len(buffer.getvalue()), 'bytes', file=sys.stderr)


main()
