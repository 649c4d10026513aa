using System.Globalization;
using System.Text;

namespace OsMigrate.Hypervisors;

/// <summary>What the processor says of who runs us. Sources: Intel SDM volume 2, CPUID; AMD APM volume 3, appendix E; Microsoft, Hypervisor Top Level Functional Specification, chapter 2.</summary>
/// <param name="HypervisorPresent">Leaf 1, ECX bit 31.</param>
/// <param name="Signature">Leaf 0x40000000, EBX, ECX, EDX: 12 characters such as KVMKVMKVM; null when no hypervisor is present.</param>
/// <param name="IsHyperVParent">Leaf 0x40000003, EBX bit 0 with the signature of Hyper-V: this is the partition that makes the others.</param>
/// <param name="Flag">vmx or svm, by leaf 1 ECX bit 5 or leaf 0x80000001 ECX bit 2; null when the processor shows neither.</param>
public sealed record CpuidFacts(bool HypervisorPresent, string? Signature, bool IsHyperVParent, string? Flag)
{
    internal const string HyperV = "Microsoft Hv";

    /// <param name="leaf">Gives EAX, EBX, ECX, EDX of a leaf.</param>
    internal static CpuidFacts From(Func<uint, (uint Eax, uint Ebx, uint Ecx, uint Edx)> leaf)
    {
        var basic = leaf(1).Ecx;
        var flag = (basic & 1u << 5) != 0 ? "vmx" : leaf(0x80000000).Eax >= 0x80000001 && (leaf(0x80000001).Ecx & 1u << 2) != 0 ? "svm" : null;
        if ((basic & 1u << 31) == 0)
            return new CpuidFacts(false, null, false, flag);
        var top = leaf(0x40000000);
        var signature = Printable(top.Ebx, top.Ecx, top.Edx);
        return new CpuidFacts(true, signature, signature == HyperV && (leaf(0x40000003).Ebx & 1) != 0, flag);
    }

    /// <summary>Reads the lines cpuid.LEAF=EAX,EBX,ECX,EDX (hex) of kvm_probe.py; null when they are not there.</summary>
    internal static CpuidFacts? Parse(IReadOnlyDictionary<string, string> said)
        => said.ContainsKey("cpuid.1") ? From(number => Registers(said, number)) : null;

    private static (uint Eax, uint Ebx, uint Ecx, uint Edx) Registers(IReadOnlyDictionary<string, string> said, uint leaf)
    {
        if (!said.TryGetValue("cpuid." + leaf.ToString("x", CultureInfo.InvariantCulture), out var text))
            return default;
        var parts = text.Split(',').Select(p => uint.TryParse(p, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var n) ? n : 0).ToArray();
        return parts.Length == 4 ? (parts[0], parts[1], parts[2], parts[3]) : default;
    }

    private static string Printable(params uint[] registers)
    {
        var text = new StringBuilder();
        foreach (var c in registers.SelectMany(static r => new[] { r & 0xFF, r >> 8 & 0xFF, r >> 16 & 0xFF, r >> 24 }))
        {
            if (c is >= ' ' and < 127)
                text.Append((char)c);
        }

        return text.ToString().TrimEnd();
    }
}
