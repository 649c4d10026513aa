#if !NETSTANDARD2_0
using System.Runtime.Intrinsics.X86;
#endif

namespace OsMigrate.Bytes;

/// <summary>The CPUID instruction of the processor that runs this.</summary>
internal static class Cpuid
{
    /// <summary>False on other processors than x86, and in Windows PowerShell, whose .NET has no way to it.</summary>
#if NETSTANDARD2_0
    public static bool IsSupported => false;

    public static (uint Eax, uint Ebx, uint Ecx, uint Edx) Leaf(uint leaf) => default;
#else
    public static bool IsSupported => X86Base.IsSupported;

    public static (uint Eax, uint Ebx, uint Ecx, uint Edx) Leaf(uint leaf)
    {
        var (eax, ebx, ecx, edx) = X86Base.CpuId((int)leaf, 0);
        return ((uint)eax, (uint)ebx, (uint)ecx, (uint)edx);
    }
#endif
}
