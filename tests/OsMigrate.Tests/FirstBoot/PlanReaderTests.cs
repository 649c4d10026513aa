using OsMigrate.FirstBoot.Plan;

namespace OsMigrate.Tests.FirstBoot;

public sealed class PlanReaderTests
{
    [Theory]
    [InlineData(@"script	..\..\Windows\System32\format.exe")]
    [InlineData("script	a.cmd&shutdown.exe")]
    [InlineData("script	a b.cmd")]
    [InlineData("script	a.vbs")]
    [InlineData("script	.cmd")]
    [InlineData("script	%COMSPEC%.exe")]
    [InlineData("script	\"x\".cmd")]
    [InlineData("script	a.cmd	b")]
    [InlineData(@"install	\\server\share\x.msi")]
    [InlineData("install	x.exe")]
    [InlineData(@"driver	..\x.inf")]
    [InlineData(@"driver	C:\x.inf")]
    [InlineData(@"driver	\x.inf")]
    [InlineData("driver	x.inf /install")]
    [InlineData("uninstall	VMware Tools")]
    [InlineData("uninstall	{01234567-89ab-cdef-0123-456789abcdef} /qb")]
    [InlineData("address	ip=10.0.0.1/255.0.0.0&calc")]
    [InlineData("address	ip=1/255.0.0.0")]
    [InlineData("address	mac=00:50:56:aa:bb:01")]
    [InlineData("address	mac=zz:50:56:aa:bb:01	ip=10.0.0.1/255.0.0.0")]
    [InlineData("address	ip=10.0.0.1/255.0.0.0	gateway=10.0.0.2/-1")]
    [InlineData("address	ip=10.0.0.1/255.0.0.0	dns=a.example")]
    [InlineData("format	C:")]
    [InlineData("disks	0")]
    public void A_line_that_is_not_understood_is_left_out_and_said(string line)
    {
        var plan = PlanReader.Parse([PlanReader.Title + "\tx", line, "disks"]);
        Assert.Single(plan.Steps);
        Assert.StartsWith("line 2 is left out: ", Assert.Single(plan.Complaints), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_without_end_is_cut()
    {
        var plan = PlanReader.Parse([PlanReader.Title + "\tx", .. Enumerable.Repeat("disks", 10_000)]);
        Assert.Equal(PlanReader.MaxSteps, plan.Steps.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("OsMigrate first boot plan 1")]
    [InlineData("OsMigrate first boot plan 2\tx")]
    public void What_is_no_plan_is_refused(string head) => Assert.Throws<IOException>(() => PlanReader.Parse([head, "disks"]));

    [Fact]
    public void Random_lines_never_bring_anything_but_a_step_or_a_complaint()
    {
        var random = new Random(4711);
        string[] words = ["script", "driver", "install", "uninstall", "address", "disks", "ip=", "mac=", "gateway=", "dns=", "1.2.3.4", "/", "\t", "..", "\\", "x.cmd", "{", "\0", "\"", "é"];
        for (var i = 0; i < 20_000; i++)
        {
            var line = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => words[random.Next(words.Length)]));
            var plan = PlanReader.Parse([PlanReader.Title + "\tx", line]);
            Assert.True(plan.Steps.Count + plan.Complaints.Count == 1, line);
        }
    }
}
