using System.Diagnostics;
using System.Text.Json.Nodes;
using OsMigrate.OpenStack.Configuration;
using OsMigrate.OpenStack.Configuration.Checks;
using OsMigrate.OpenStack.Configuration.Text;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.OpenStack.Configuration;

/// <summary>The files of Debian's packages, samples made by their own generator, and the files of a running OpenStack, against oslo.config itself.</summary>
public class RealFileTests
{
    /// <summary>Reads files with oslo.config's own parser. Gives sections, names and values in order, or the line it stops at.</summary>
    private const string Parser = """
        import json, re, sys
        from oslo_config import iniparser
        class P(iniparser.BaseParser):
            def __init__(self): super().__init__(); self.s = None; self.r = []
            def new_section(self, s): self.s = s
            def assignment(self, k, v):
                if not self.s: raise iniparser.ParseError('no section', self.lineno, '')
                self.r.append([self.s, k, '\n'.join(v)])
        out = {}
        for f in json.load(sys.stdin):
            p = P()
            try:
                p.parse(open(f, encoding='utf-8').readlines()); out[f] = p.r
            except iniparser.ParseError as e: out[f] = e.lineno
            except UnicodeDecodeError: out[f] = -1
        json.dump(out, sys.stdout)
        """;

    [SkippableFact]
    public void Packaged_files_and_generated_samples_come_back_byte_by_byte_and_read_as_oslo_config_reads_them()
    {
        var python = RequireOslo();
        using var folder = new TempFolder();
        var files = Packaged().Concat(Made(folder)).Concat(Samples(python, folder)).ToList();
        Skip.If(files.Count < 20, "Debian's packages of OpenStack are not installed.");
        var expected = JsonNode.Parse(Run(python, Parser, new JsonArray([.. files.Select(f => JsonValue.Create(f))]).ToJsonString()))!.AsObject();
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            var document = ConfigDocument.Parse(bytes, file);
            Assert.Equal(bytes, document.ToBytes());
            if (expected[file] is JsonArray items)
            {
                Assert.True(document.Faults.Count == 0, $"{file}: {string.Join(", ", document.Faults)}");
                Assert.Equal(items.Select(i => (i![0]!.ToString(), i[1]!.ToString(), i[2]!.ToString())), document.Items.Select(i => (i.Section, i.Name, i.Value)));
            }
            else
            {
                var line = (int)expected[file]!;
                Assert.True(document.Faults.Count > 0, $"{file}: oslo.config stops at line {line}");
                Assert.Contains(document.Faults, f => line < 0 ? f.Kind == "Encoding" : f.Line == line || (f.Line <= line && f.Kind is "NoSection"));
            }
        }
    }

    [SkippableFact]
    public void Packaged_files_have_no_option_that_their_own_release_does_not_know()
    {
        var files = Packaged().Where(f => !f.Contains("/paste", StringComparison.Ordinal)).ToList();
        Skip.If(files.Count < 20, "Debian's packages of OpenStack are not installed.");
        var alarms = new[] { "/etc/nova", "/etc/cinder", "/etc/glance", "/etc/neutron", "/etc/placement" }.Where(Directory.Exists)
            .SelectMany(f => ConfigFiles.Local(f, null, e => throw e, CancellationToken.None).Test("zed", CancellationToken.None))
            .Where(f => f.Id.StartsWith("Config.Syntax", StringComparison.Ordinal) || f.Id.StartsWith("Config.Section", StringComparison.Ordinal) || f.Id is "Config.Option.Unknown" or "Config.Option.WrongSection" or "Config.Option.Type" or "Config.Option.Choice" || f.Id.StartsWith("Config.Interp", StringComparison.Ordinal))
            .Select(f => $"{f.Id} {f.Place} {f.Section} {f.Option}: {f.Message} {f.Evidence}");
        Assert.True(!alarms.Any(), string.Join("\n", alarms));
    }

    [SkippableFact]
    public void The_files_of_a_working_cloud_give_neither_errors_nor_warnings()
    {
        var files = Lab();
        Assert.True(files.Count >= 7, string.Join(", ", files.Count));
        // The lab runs as root alone, so who may read its files is not what is tried here.
        var alarms = files.Test("zed", CancellationToken.None).Where(f => f.Severity > ConfigSeverity.Notice && !f.Id.StartsWith("Config.File.", StringComparison.Ordinal) && !IsSuperfluous(f)).Select(f => $"{f.Id} {f.Place} {f.Section} {f.Option}: {f.Message}").ToList();
        Assert.True(alarms.Count == 0, string.Join("\n", alarms));
    }

    [SkippableFact]
    public void Every_login_of_a_working_cloud_works_and_a_wrong_one_is_told()
    {
        var lab = Lab();
        var tried = new List<string>();
        Assert.Empty(lab.TestOnline(null, TimeSpan.FromSeconds(30), tried.Add, CancellationToken.None).Select(f => $"{f.Id} {f.Place}: {f.Message}"));
        Assert.Contains(tried, t => t.StartsWith("amqp", StringComparison.Ordinal) && t.Contains("works RabbitMQ", StringComparison.Ordinal));
        Assert.Contains(tried, t => t.StartsWith("keystone", StringComparison.Ordinal) && t.Contains("works as svc", StringComparison.Ordinal));
        Assert.Contains(tried, t => t.StartsWith("mysql", StringComparison.Ordinal) && t.Contains("tables", StringComparison.Ordinal));
        Assert.DoesNotContain(tried, t => t.Contains("labpass", StringComparison.Ordinal));

        using var folder = new TempFolder();
        var text = File.ReadAllText(Path.Combine(LabFolder(), "nova.conf"));
        File.WriteAllText(folder.File("nova.conf"), text.Replace("guest:guest@", "guest:Geheim77@", StringComparison.Ordinal).Replace("password = labpass", "password = Geheim77", StringComparison.Ordinal).Replace("/nova_api?", "/conf_nowhere?", StringComparison.Ordinal));
        File.WriteAllText(folder.File("cinder.conf"), "[DEFAULT]\ntransport_url = rabbit://guest:guest@127.0.0.1:5000/\n[keystone_authtoken]\nauth_type = password\nauth_url = http://127.0.0.1:9292\nusername = svc\npassword = Geheim77\nproject_name = service\nuser_domain_name = Default\nproject_domain_name = Default\n[service_user]\nauth_type = password\nauth_url = http://127.0.0.1:1/v3\nusername = svc\npassword = Geheim77\n");
        var found = ConfigFiles.Local(folder.Path, null, e => throw e, CancellationToken.None).TestOnline(null, TimeSpan.FromSeconds(10), _ => { }, CancellationToken.None);
        Assert.Superset(
            new HashSet<string> { "Config.Messaging.LoginRefused", "Config.Keystone.LoginRefused", "Config.Database.NotThere", "Config.Messaging.WrongServer", "Config.Keystone.WrongServer", "Config.Keystone.Unreachable" },
            found.Select(f => f.Id).ToHashSet());
        Assert.DoesNotContain(found, f => f.ToString().Contains("Geheim77", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void The_modernized_block_is_what_cinder_itself_reads()
    {
        var python = RequireOslo();
        Skip.IfNot(File.Exists("/usr/lib/python3/dist-packages/cinder/volume/configuration.py"), "Debian's python3-cinder is not installed.");
        using var folder = new TempFolder();
        var path = folder.File("cinder.conf");
        File.WriteAllText(path, "[DEFAULT]\nvolume_driver=nova.volume.driver.ISCSIDriver\nenabled_apis=ec2,osapi_compute,metadata\nvolume_api_class=nova.volume.cinder.API\niscsi_helper=tgtadm\n");
        var files = ConfigFiles.Local(path, null, e => throw e, CancellationToken.None);
        Assert.Single(files.PlanModernization("zed").Select(p => files.Write(p, false, CancellationToken.None)).ToList());
        const string script = """
            import json, sys
            from oslo_config import cfg
            from cinder.common import config
            from cinder import objects; objects.register_all()
            from cinder.volume import configuration, driver, manager
            from oslo_utils import importutils
            path = json.load(sys.stdin)
            cfg.CONF([], project='cinder', default_config_files=[path], default_config_dirs=[])
            b = cfg.CONF.enabled_backends
            c = configuration.BackendGroupConfiguration(manager.volume_backend_opts, b[0])
            c.append_config_values(driver.volume_opts)
            k = importutils.import_class(c.volume_driver)
            c.append_config_values(sys.modules[k.__module__].volume_opts)
            json.dump([b, k.__name__, c.target_helper, c.volume_group, c.volume_backend_name], sys.stdout)
            """;
        Assert.Equal("""[["lvm"], "LVMVolumeDriver", "tgtadm", "cinder-volumes", "lvm"]""", Run(python, script, JsonValue.Create(path)!.ToJsonString()));
    }

    /// <summary>What the lab writes into every service's file although this service does not read it: a true finding that does no harm.</summary>
    private static bool IsSuperfluous(ConfigFinding f)
        => f.Id is "Config.Option.Unknown" or "Config.Option.WrongSection" or "Config.Section.Unknown"
           && (Path.GetFileName(f.Path), f.Section, f.Option) is ("glance-api.conf", "service_user", "") or ("glance-api.conf", "DEFAULT", "state_path" or "my_ip") or ("nova.conf", "glance", not "api_servers")
               or ("cinder.conf", "DEFAULT", "rootwrap") or ("neutron.conf", "service_user", "") or ("neutron.conf", "DEFAULT", "my_ip" or "allow_overlapping_ips");

    private static string LabFolder()
    {
        var clouds = Environment.GetEnvironmentVariable("OSMIGRATE_TEST_OPENSTACK");
        Skip.If(string.IsNullOrEmpty(clouds), "OSMIGRATE_TEST_OPENSTACK names no running OpenStack.");
        var folder = Path.Combine(Path.GetDirectoryName(clouds)!, "etc");
        Skip.IfNot(Directory.Exists(folder), "The OpenStack's own files are not beside its clouds.yaml.");
        return folder;
    }

    private static ConfigFiles Lab() => ConfigFiles.Local(LabFolder(), null, e => throw e, CancellationToken.None);

    private static IEnumerable<string> Packaged()
        => new[] { "/etc/nova", "/etc/cinder", "/etc/glance", "/etc/neutron", "/etc/placement", "/etc/keystone", "/usr/share/nova-common", "/usr/share/cinder-common", "/usr/share/glance-common", "/usr/share/neutron-common", "/usr/share/placement-common" }
            .Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories))
            .Where(f => f.EndsWith(".conf", StringComparison.Ordinal) || f.EndsWith(".ini", StringComparison.Ordinal));

    /// <summary>Files with everything that is odd, which no package has.</summary>
    private static IEnumerable<string> Made(TempFolder folder)
    {
        var number = 0;
        foreach (var text in ConfigDocumentTests.Texts.Concat(["[a]\nb = 'x'y'\nc = \"\"\nd = \"'\"\n e\n[A]\n b=1", "[a]\n#x\n  y\n", "[a]\nb==c:d\n:x=1\n"]))
        {
            var path = folder.File($"made{number++}.conf");
            File.WriteAllText(path, text);
            yield return path;
        }

        File.WriteAllBytes(folder.File("latin.conf"), [0x5b, 0x61, 0x5d, 0x0a, 0x62, 0x3d, 0xe4, 0x0a]);
        yield return folder.File("latin.conf");
    }

    private static IEnumerable<string> Samples(string python, TempFolder folder)
    {
        foreach (var (name, spaces) in new[] { ("placement", "placement.conf"), ("nova", "nova.conf"), ("neutron", "neutron") })
        {
            var path = folder.File(name + ".sample.conf");
            Run(python, $"import sys, logging; logging.disable(50); from oslo_config import generator; generator.main(['--namespace', '{spaces}', '--output-file', '{path}'])", "");
            if (File.Exists(path))
                yield return path;
        }
    }

    private static string RequireOslo()
    {
        const string python = "/usr/bin/python3";
        Skip.IfNot(File.Exists(python) && Run(python, "import importlib.util, sys; sys.stdout.write(str(importlib.util.find_spec('oslo_config') is not None))", "") == "True", "oslo.config is not installed for /usr/bin/python3.");
        return python;
    }

    private static string Run(string python, string script, string input)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, ArgumentList = { "-W", "ignore", "-c", script } };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output;
    }
}
