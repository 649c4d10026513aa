using System.Diagnostics;
using OsMigrate.Demo;

if (args is not [var folder])
{
    Console.Error.WriteLine("Usage: OsMigrate.Demo folder");
    return 64;
}

var clock = Stopwatch.StartNew();
var path = DemoAppliance.Create(folder);
Console.WriteLine($"Made {path} ({new FileInfo(path).Length / 1024:N0} KiB: a boot sector that prints text, two streamOptimized disks, two network adapters) in {clock.Elapsed.TotalSeconds:F1} s.");
return 0;
