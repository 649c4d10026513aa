using System.IO.Compression;
using System.Security;
using System.Text;

namespace OsMigrate.Tests.VSphere.RvTools;

/// <summary>Where a workbook keeps its texts: RVTools itself, Excel after saving, and other programs differ.</summary>
public enum CellTexts
{
    Shared,
    Inline,
}

/// <summary>An export of RVTools made for a test: the real headers, and machines that the test describes by column.</summary>
internal sealed class RvToolsExport
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    /// <summary>Headers of RVTools 4.x.</summary>
    public static readonly IReadOnlyDictionary<string, string> Headers = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["vInfo"] = "VM|Powerstate|Template|SRM Placeholder|Config status|DNS Name|Connection state|Guest state|Heartbeat|Consolidation Needed|PowerOn|Suspend time|Creation date|Change Version|CPUs|Memory|NICs|Disks|Total disk capacity MiB|min Required EVC Mode Key|Latency Sensitivity|EnableUUID|CBT|Primary IP Address|Network #1|Network #2|Network #3|Network #4|Network #5|Network #6|Network #7|Network #8|Num Monitors|Video Ram KiB|Resource pool|Folder ID|Folder|vApp|DAS protection|FT State|FT Role|FT Latency|FT Bandwidth|FT Sec. Latency|Provisioned MiB|In Use MiB|Unshared MiB|HA Restart Priority|HA Isolation Response|HA VM Monitoring|Cluster rule(s)|Cluster rule name(s)|Boot Required|Boot delay|Boot retry delay|Boot retry enabled|Boot BIOS setup|Reboot PowerOff|EFI Secure boot|Firmware|HW version|HW upgrade status|HW upgrade policy|HW target|Path|Log directory|Snapshot directory|Suspend directory|Annotation|Datacenter|Cluster|Host|OS according to the configuration file|OS according to the VMware Tools|VM ID|SMBIOS UUID|VM UUID|VI SDK Server type|VI SDK API Version|VI SDK Server|VI SDK UUID",
        ["vCPU"] = "VM|Powerstate|Template|SRM Placeholder|CPUs|Sockets|Cores p/s|Max|Overall|Level|Shares|Reservation|Entitlement|DRS Entitlement|Limit|Hot Add|Hot Remove|Numa Hotadd Exposed|Annotation|Datacenter|Cluster|Host|Folder|OS according to the configuration file|OS according to the VMware Tools|VM ID|VM UUID|VI SDK Server|VI SDK UUID",
        ["vMemory"] = "VM|Powerstate|Template|SRM Placeholder|Size MiB|Memory Reservation Locked To Max|Overhead|Max|Consumed|Consumed Overhead|Private|Shared|Swapped|Ballooned|Active|Entitlement|DRS Entitlement|Level|Shares|Reservation|Limit|Hot Add|Annotation|Datacenter|Cluster|Host|Folder|OS according to the configuration file|OS according to the VMware Tools|VM ID|VM UUID|VI SDK Server|VI SDK UUID",
        ["vDisk"] = "VM|Powerstate|Template|SRM Placeholder|Disk|Disk Key|Disk UUID|Disk Path|Capacity MiB|Raw|Disk Mode|Sharing mode|Thin|Eagerly Scrub|Split|Write Through|Level|Shares|Reservation|Limit|Controller|Label|SCSI Unit #|Unit #|Shared Bus|Path|Raw LUN ID|Raw Comp. Mode|Internal Sort Column|Annotation|Datacenter|Cluster|Host|Folder|OS according to the configuration file|OS according to the VMware Tools|VM ID|VM UUID|VI SDK Server|VI SDK UUID",
        ["vPartition"] = "VM|Powerstate|Template|SRM Placeholder|Disk Key|Disk|Capacity MiB|Consumed MiB|Free MiB|Free %|Internal Sort Column|Annotation|Datacenter|Cluster|Host|Folder|OS according to the configuration file|OS according to the VMware Tools|VM ID|VM UUID|VI SDK Server|VI SDK UUID",
        ["vNetwork"] = "VM|Powerstate|Template|SRM Placeholder|NIC label|Adapter|Network|Switch|Connected|Starts Connected|Mac Address|Type|IPv4 Address|IPv6 Address|Direct Path IO|Internal Sort Column|Annotation|Datacenter|Cluster|Host|Folder|OS according to the configuration file|OS according to the VMware Tools|VM ID|VM UUID|VI SDK Server|VI SDK UUID",
        ["vUSB"] = "VM|Powerstate|Template|SRM Placeholder|Device Node|Device Type|Connected|Family|Speed|EHCI enabled|Auto connect|Bus number|Unit number|Annotation|Datacenter|Cluster|Host|Folder|OS according to the configuration file|OS according to the VMware tools|VMRef|VM ID|VM UUID|VI SDK Server|VI SDK UUID",
        ["vSnapshot"] = "VM|Powerstate|Name|Description|Date / time|Filename|Size MiB (vmsn)|Size MiB (total)|Quiesced|State|Annotation|Datacenter|Cluster|Host|Folder|OS according to the configuration file|OS according to the VMware Tools|VM ID|VM UUID|VI SDK Server|VI SDK UUID",
        ["vTools"] = "VM|Powerstate|Template|SRM Placeholder|VM Version|Tools|Tools Version|Required Version|Upgradeable|Upgrade Policy|Sync time|App status|Heartbeat status|Kernel Crash state|Operation Ready|State change support|Interactive Guest|Annotation|Datacenter|Cluster|Host|Folder|OS according to the configuration file|OS according to the VMware Tools|VMRef|VM ID|VM UUID|VI SDK Server|VI SDK UUID",
        ["vCluster"] = "Name|Config status|OverallStatus|NumHosts|numEffectiveHosts|TotalCpu|NumCpuCores|NumCpuThreads|Effective Cpu|TotalMemory|Effective Memory|Num VMotions|HA enabled|Failover Level|AdmissionControlEnabled|Host monitoring|HB Datastore Candidate Policy|Isolation Response|Restart Priority|Cluster Settings|Max Failures|Max Failure Window|Failure Interval|Min Up Time|VM Monitoring|DRS enabled|DRS default VM behavior|DRS vmotion rate|DPM enabled|DPM default behavior|DPM Host Power Action Rate|Object ID|VI SDK Server|VI SDK UUID",
        ["vHost"] = "Host|Datacenter|Cluster|Config status|in Maintenance Mode|in Quarantine Mode|vSAN Fault Domain Name|CPU Model|Speed|HT Available|HT Active|# CPU|Cores per CPU|# Cores|CPU usage %|# Memory|Memory usage %|Console|# NICs|# HBAs|# VMs total|# VMs|VMs per Core|# vCPUs|vCPUs per Core|vRAM|VM Used memory|VM Memory Swapped|VM Memory Ballooned|VMotion support|Storage VMotion support|Current EVC|Max EVC|Assigned License(s)|ATS Heartbeat|ATS Locking|Current CPU power man. policy|Supported CPU power man.|Host Power Policy|ESX Version|Boot time|DNS Servers|DHCP|Domain|DNS Search Order|NTP Server(s)|NTPD running|Time Zone|Time Zone Name|GMT Offset|Vendor|Model|Serial number|Service tag|OEM specific string|BIOS Vendor|BIOS Version|BIOS Date|Object ID|UUID|VI SDK Server|VI SDK UUID",
        ["vDatastore"] = "Name|Config status|Address|Accessible|Type|# VMs total|# VMs|Capacity MiB|Provisioned MiB|In Use MiB|Free MiB|Free %|SIOC enabled|SIOC Threshold|# Hosts|Hosts|Cluster name|Cluster capacity MiB|Cluster free space MiB|Block size|Max Blocks|# Extents|Major Version|Version|VMFS Upgradeable|MHA|URL|Object ID|VI SDK Server|VI SDK UUID",
        ["dvPort"] = "Port|Switch|Type|# Ports|VLAN|Speed|Full Duplex|Blocked|VI SDK Server|VI SDK UUID",
    };

    private readonly Dictionary<string, List<Dictionary<string, object>>> _rows = Headers.Keys.ToDictionary(k => k, _ => new List<Dictionary<string, object>>(), StringComparer.Ordinal);

    /// <summary>Headers by sheet; a test may change, add or take away.</summary>
    public Dictionary<string, string[]> Sheets { get; } = Headers.ToDictionary(h => h.Key, h => h.Value.Split('|'), StringComparer.Ordinal);

    /// <summary>Adds a row; what it does not state is empty, what it states twice is the latter.</summary>
    public RvToolsExport Add(string sheet, params (string Column, object Value)[] cells)
    {
        _rows[sheet].Add(cells.GroupBy(c => c.Column, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal));
        return this;
    }

    /// <summary>Adds a machine to vInfo and to the sheets that every machine is in.</summary>
    public RvToolsExport Machine(string name, string id, params (string Column, object Value)[] more)
    {
        (string Column, object Value)[] always =
        [
            ("VM", name), ("Powerstate", "poweredOn"), ("Template", "False"), ("SRM Placeholder", "False"), ("DNS Name", "host-" + id), ("Connection state", "connected"), ("Consolidation Needed", "False"), ("CPUs", 2), ("Memory", 4096), ("NICs", 1), ("Disks", 1),
            ("Latency Sensitivity", "normal"), ("EnableUUID", "False"), ("CBT", "True"), ("Primary IP Address", "192.0.2." + (Math.Abs(id.GetHashCode(StringComparison.Ordinal)) % 250)), ("FT State", "notConfigured"), ("Provisioned MiB", 50_000), ("In Use MiB", 20_480), ("HA Restart Priority", "medium"),
            ("EFI Secure boot", "False"), ("Firmware", "bios"), ("HW version", 19), ("Datacenter", "DC1"), ("Cluster", "C1"), ("Host", "esx1"), ("OS according to the configuration file", "Debian GNU/Linux 12 (64-bit)"), ("OS according to the VMware Tools", "Debian GNU/Linux 12 (64-bit)"),
            ("VM ID", id), ("VI SDK Server", "vc.example"), ("VI SDK UUID", "u-1"),
        ];
        var row = always.ToDictionary(c => c.Column, c => c.Value, StringComparer.Ordinal);
        foreach (var (column, value) in more)
            row[column] = value;
        _rows["vInfo"].Add(row);
        (string, object)[] key = [("VM", name), ("VM ID", id), ("VI SDK Server", row["VI SDK Server"]), ("VI SDK UUID", row["VI SDK UUID"])];
        Add("vCPU", [.. key, ("Hot Add", "False"), ("Reservation", 0)]);
        Add("vMemory", [.. key, ("Hot Add", "False"), ("Ballooned", 0), ("Reservation", 0)]);
        Add("vTools", [.. key, ("Tools", "toolsOk"), ("Tools Version", "12352")]);
        return this;
    }

    public RvToolsExport Disk(string machine, string id, double mib = 40_960, params (string Column, object Value)[] more)
        => Add("vDisk", [("VM", machine), ("VM ID", id), ("VI SDK Server", "vc.example"), ("VI SDK UUID", "u-1"), ("Disk", "Hard disk 1"), ("Disk Key", 2000), ("Disk Path", $"[ds1] {id}/{id}.vmdk"), ("Capacity MiB", mib), ("Raw", "False"), ("Disk Mode", "persistent"), ("Sharing mode", "sharingNone"),
            ("Thin", "True"), ("Controller", "SCSI controller 0"), ("Label", "VMware paravirtual SCSI"), ("Unit #", 0), ("Shared Bus", "noSharing"), .. more]);

    public RvToolsExport Nic(string machine, string id, string mac = "00:50:56:00:00:01", string network = "VM Network")
        => Add("vNetwork", ("VM", machine), ("VM ID", id), ("VI SDK Server", "vc.example"), ("VI SDK UUID", "u-1"), ("NIC label", "Network adapter 1"), ("Adapter", "Vmxnet3"), ("Network", network), ("Switch", "dvs1"), ("Connected", "True"), ("Starts Connected", "True"), ("Mac Address", mac));

    /// <summary>A cluster, a host and a datastore, as the machines above name them.</summary>
    public RvToolsExport Places() => Add("vCluster", ("Name", "C1"), ("HA enabled", "True"), ("DRS enabled", "True")).Add("vHost", ("Host", "esx1"), ("Cluster", "C1"), ("# Cores", 32), ("# Memory", 524_288), ("ESX Version", "VMware ESXi 8.0.3"), ("Vendor", "Maker"), ("Model", "X1"))
        .Add("vDatastore", ("Name", "ds1"), ("Type", "VMFS"), ("Accessible", "True"), ("Capacity MiB", 10_000_000), ("Free MiB", 5_000_000)).Add("dvPort", ("Port", "VM Network"), ("Switch", "dvs1"), ("VLAN", "100"));

    public void Save(string path, CellTexts texts = CellTexts.Shared)
    {
        using var file = File.Create(path);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        var names = Sheets.Keys.ToList();
        var shared = new List<string>();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        Put(zip, "[Content_Types].xml", $"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>{string.Concat(names.Select((_, i) => $"<Override PartName=\"/xl/worksheets/sheet{i + 1}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"))}<Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml\"/></Types>");
        Put(zip, "_rels/.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
        Put(zip, "xl/workbook.xml", $"<workbook xmlns=\"{Main}\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{string.Concat(names.Select((n, i) => $"<sheet name=\"{n}\" sheetId=\"{i + 1}\" r:id=\"rId{i + 1}\"/>"))}</sheets></workbook>");
        Put(zip, "xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{string.Concat(names.Select((_, i) => $"<Relationship Id=\"rId{i + 1}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{i + 1}.xml\"/>"))}<Relationship Id=\"rId{names.Count + 1}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>");
        for (var s = 0; s < names.Count; s++)
        {
            var sheet = new StringBuilder($"<worksheet xmlns=\"{Main}\"><sheetData>");
            var row = 0;
            foreach (var cells in Table(names[s]))
            {
                sheet.Append(System.Globalization.CultureInfo.InvariantCulture, $"<row r=\"{++row}\">");
                for (var c = 0; c < cells.Count; c++)
                    sheet.Append(Cell(Column(c) + row, cells[c], texts, shared, numbers));
                sheet.Append("</row>");
            }

            Put(zip, $"xl/worksheets/sheet{s + 1}.xml", sheet.Append("</sheetData></worksheet>").ToString());
        }

        Put(zip, "xl/sharedStrings.xml", $"<sst xmlns=\"{Main}\" count=\"{shared.Count}\" uniqueCount=\"{shared.Count}\">{string.Concat(shared.Select(t => $"<si><t xml:space=\"preserve\">{Xml(t)}</t></si>"))}</sst>");
    }

    /// <summary>One file a sheet, as RVTools names them.</summary>
    public IReadOnlyList<string> SaveCsv(string folder, char separator)
    {
        var files = new List<string>();
        foreach (var name in Sheets.Keys)
        {
            var path = Path.Combine(folder, $"RVTools_tab{name}.csv");
            File.WriteAllText(path, string.Join("\r\n", Table(name).Select(r => string.Join(separator, r.Select(c => $"\"{(c is IFormattable f ? f.ToString(null, System.Globalization.CultureInfo.InvariantCulture) : c?.ToString() ?? "").Replace("\"", "\"\"", StringComparison.Ordinal)}\"")))) + "\r\n");
            files.Add(path);
        }

        return files;
    }

    private IEnumerable<IReadOnlyList<object?>> Table(string sheet)
    {
        yield return Sheets[sheet];
        foreach (var row in _rows[sheet])
            yield return [.. Sheets[sheet].Select(h => row.TryGetValue(h, out var value) ? value : null)];
    }

    private static string Cell(string place, object? value, CellTexts texts, List<string> shared, Dictionary<string, int> numbers)
    {
        if (value is null)
            return "";
        if (value is not string text)
            return $"<c r=\"{place}\"><v>{((IFormattable)value).ToString(null, System.Globalization.CultureInfo.InvariantCulture)}</v></c>";
        if (texts == CellTexts.Inline)
            return $"<c r=\"{place}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{Xml(text)}</t></is></c>";
        if (!numbers.TryGetValue(text, out var number))
        {
            numbers[text] = number = shared.Count;
            shared.Add(text);
        }

        return $"<c r=\"{place}\" t=\"s\"><v>{number}</v></c>";
    }

    /// <summary>Excel writes characters that XML forbids as _xHHHH_.</summary>
    private static string Xml(string text) => string.Concat(SecurityElement.Escape(text).Select(c => c < ' ' && c is not ('\t' or '\n' or '\r') ? $"_x{(int)c:X4}_" : c.ToString()));

    private static string Column(int index) => index < 26 ? ((char)('A' + index)).ToString() : Column((index / 26) - 1) + (char)('A' + (index % 26));

    private static void Put(ZipArchive zip, string name, string content)
    {
        using var stream = zip.CreateEntry(name).Open();
        stream.Write(Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" + content));
    }
}
