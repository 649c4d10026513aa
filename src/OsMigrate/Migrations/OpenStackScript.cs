using System.Globalization;
using System.Text;
using OsMigrate.Machines;

namespace OsMigrate.Migrations;

/// <summary>The file openstack.sh: the commands of the openstack client that finish the job by hand, with every name quoted.</summary>
internal static class OpenStackScript
{
    public const string FileName = "openstack.sh";

    private const long GiB = 1L << 30;

    public static string For(ConvertedMachine converted)
    {
        var script = new StringBuilder();
        Line(script, "#!/bin/sh");
        Line(script, "# Uploads the converted disks and launches the server with the openstack client (clouds.yaml or OS_* as usual).");
        Line(script, "# Before you run it, set FLAVOR (openstack flavor list) and the NETWORK_n variables (openstack network list).");
        Line(script, $"# The source has {converted.Machine.CpuCount} CPUs and {converted.Machine.MemoryMiB} MiB of memory.");
        Line(script, "set -eu");
        Line(script, "cd \"$(dirname \"$0\")\"");
        Line(script, $"NAME={Quote(converted.Machine.Name.Length > 0 ? converted.Machine.Name : "migrated")}");
        Line(script, ": \"${FLAVOR:?set FLAVOR to the name of a flavor}\"");
        for (var i = 0; i < converted.Machine.Nics.Count; i++)
            Line(script, $": \"${{NETWORK_{i}:?set NETWORK_{i} to the network for {ForComment(converted.Machine.Nics[i])}}}\"");
        Line(script, "");
        Checksums(script, converted.Disks);
        for (var i = 0; i < converted.Disks.Count; i++)
            Upload(script, converted, i);
        for (var i = 1; i < converted.Disks.Count; i++)
            DataVolume(script, converted.Disks[i], i);
        for (var i = 0; i < converted.Machine.Nics.Count; i++)
            Port(script, converted.Machine.Nics[i], i);
        Server(script, converted);
        return script.ToString();
    }

    /// <summary>Quotes for a POSIX shell: nothing inside single quotes is special, a quote itself is written '\''.</summary>
    internal static string Quote(string text)
        => "'" + new string(text.Where(c => !char.IsControl(c)).ToArray()).Replace("'", "'\\''") + "'";

    private static void Checksums(StringBuilder script, IReadOnlyList<ConvertedDisk> disks)
    {
        var known = disks.Where(d => d.Conversion.Sha512 is not null).ToList();
        if (known.Count == 0)
            return;
        Line(script, "# The files must be what was written; Glance's os_hash_value must then show the same SHA-512.");
        Line(script, "sha512sum --check --quiet - <<'EOF'");
        foreach (var disk in known)
            Line(script, $"{disk.Conversion.Sha512}  {Path.GetFileName(disk.Conversion.Path)}");
        Line(script, "EOF");
        Line(script, "");
    }

    private static void Upload(StringBuilder script, ConvertedMachine converted, int i)
    {
        var disk = converted.Disks[i];
        script.Append(FormattableString.Invariant($"IMAGE_{i}=$(openstack image create -f value -c id --disk-format {disk.Conversion.FormatName} --container-format bare"));
        script.Append($" --min-disk {GiBUp(disk.Conversion.Encoded.VirtualSizeBytes)} --file {Quote(Path.GetFileName(disk.Conversion.Path))}");
        foreach (var property in converted.Properties)
            script.Append($" --property {Quote($"{property.Name}={property.Value}")}");
        Line(script, $" \"$NAME-disk{i}\")");
        if (disk.Conversion.Sha512 is { } sum)
            Line(script, $"openstack image show -f value -c properties \"$IMAGE_{i}\" | grep -q {sum} || {{ echo \"Image $IMAGE_{i} has another SHA-512 than the file, or the cloud uses another algorithm: compare by hand.\" >&2; exit 1; }}");
    }

    private static void DataVolume(StringBuilder script, ConvertedDisk disk, int i)
    {
        Line(script, $"VOLUME_{i}=$(openstack volume create -f value -c id --image \"$IMAGE_{i}\" --size {GiBUp(disk.Conversion.Encoded.VirtualSizeBytes)} \"$NAME-disk{i}\")");
        Line(script, $"while [ \"$(openstack volume show -f value -c status \"$VOLUME_{i}\")\" != available ]; do");
        Line(script, $"  case \"$(openstack volume show -f value -c status \"$VOLUME_{i}\")\" in error*) echo \"Volume $VOLUME_{i} failed.\" >&2; exit 1;; esac");
        Line(script, "  sleep 2");
        Line(script, "done");
    }

    private static void Port(StringBuilder script, MachineNic nic, int i)
    {
        var mac = nic.MacAddress is { } address ? $" --mac-address {Quote(address)}" : "";
        Line(script, $"PORT_{i}=$(openstack port create -f value -c id --network \"$NETWORK_{i}\"{mac} \"$NAME-nic{i}\")");
    }

    private static void Server(StringBuilder script, ConvertedMachine converted)
    {
        script.Append("openstack server create --wait --image \"$IMAGE_0\" --flavor \"$FLAVOR\"");
        for (var i = 0; i < converted.Machine.Nics.Count; i++)
            script.Append(FormattableString.Invariant($" --nic port-id=\"$PORT_{i}\""));
        if (converted.Machine.Nics.Count == 0)
            script.Append(" --nic none");
        for (var i = 1; i < converted.Disks.Count; i++)
            script.Append(FormattableString.Invariant($" --block-device uuid=\"$VOLUME_{i}\",source_type=volume,destination_type=volume,boot_index=-1"));
        Line(script, " \"$NAME\"");
    }

    private static string ForComment(MachineNic nic)
        => new string($"{nic.Label} {nic.NetworkName}".Where(c => c < 128 && (char.IsLetterOrDigit(c) || c is ' ' or '-' or '_' or '.')).ToArray()).Trim();

    private static string GiBUp(long bytes) => ((bytes + GiB - 1) / GiB).ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder script, string text) => script.Append(text).Append('\n');
}
