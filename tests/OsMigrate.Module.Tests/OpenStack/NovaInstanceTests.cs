using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests.OpenStack;

[Collection(OpenStackCollection.Name)]
public class NovaInstanceTests
{
    private const string OnFake = "New-NovaInstance $args[0] -Image lab-guest -Flavor m1.nano -Network demo-net -AvailabilityZone fake";

    [SkippableFact]
    public void An_image_from_the_pipeline_becomes_a_server_whose_guest_is_waited_for()
    {
        using var session = OpenStackPeer.Connect();
        var name = OpenStackPeer.Name("boot");
        using var leftovers = new CloudLeftovers(session, name);
        var console = session.Run("Get-GlanceImage lab-guest | New-NovaInstance -Name $args[0] -Flavor auto -Network demo-net -AvailabilityZone nova | Get-NovaInstanceConsole -Wait GUEST-DONE -TimeoutSeconds 300", name).RequireNoErrors();
        Assert.Contains(console.Output, line => line.ToString().StartsWith("GUEST-DONE", StringComparison.Ordinal));
        var server = session.Run("Get-NovaInstance $args[0]", name).Single;
        Assert.Equal("ACTIVE", server.Get<string>("Status"));
        Assert.Equal("m1.nano", server.Get<string>("FlavorName"));
        Assert.Equal("lab", server.Get<string>("Cloud"));
        Assert.Equal("SHUTOFF", session.Run("Stop-NovaInstance $args[0]", name).Single.Get<string>("Status"));
        Assert.Equal("ACTIVE", session.Run("Get-NovaInstance $args[0] | Start-NovaInstance", name).Single.Get<string>("Status"));
    }

    [SkippableFact]
    public void Servers_of_one_name_are_removed_as_objects_and_nothing_is_left()
    {
        using var session = OpenStackPeer.Connect();
        var name = OpenStackPeer.Name("twin");
        using var leftovers = new CloudLeftovers(session, name);
        session.Run($"1..2 | ForEach-Object {{ {OnFake.Replace("$args[0]", "$name", StringComparison.Ordinal)} }}".Insert(0, "$name = $args[0]; "), name).RequireNoErrors();
        Assert.StartsWith("Cloud.Ambiguous", Assert.Single(session.Run("Remove-NovaInstance $args[0] -Confirm:$false", name).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        session.Run("Get-NovaInstance \"$($args[0])*\" | Remove-NovaInstance -Confirm:$false", name).RequireNoErrors();
        Assert.Empty(session.Run("Get-NovaInstance \"$($args[0])*\"", name).RequireNoErrors().Output);
    }

    [SkippableFact]
    public void WhatIf_makes_and_removes_nothing()
    {
        using var session = OpenStackPeer.Connect();
        var name = OpenStackPeer.Name("whatif");
        using var leftovers = new CloudLeftovers(session, name);
        session.Run(OnFake + " -WhatIf", name).RequireNoErrors();
        Assert.Empty(session.Run("Get-NovaInstance \"$($args[0])*\"", name).RequireNoErrors().Output);
        session.Run(OnFake, name).RequireNoErrors();
        session.Run("Remove-NovaInstance $args[0] -WhatIf; Stop-NovaInstance $args[0] -WhatIf", name).RequireNoErrors();
        Assert.Equal("ACTIVE", session.Run("Get-NovaInstance $args[0]", name).Single.Get<string>("Status"));
    }

    [SkippableFact]
    public void What_a_server_is_given_is_what_it_has()
    {
        using var session = OpenStackPeer.Connect();
        var name = OpenStackPeer.Name("all");
        using var leftovers = new CloudLeftovers(session, name);
        session.Run("New-NeutronPort $args[0] demo-net -MacAddress 00:50:56:0a:0b:0c", name).RequireNoErrors();
        var server = session.Run(OnFake.Replace("-Network demo-net", "-Port $args[0]", StringComparison.Ordinal) + " -Property @{ role = 'db'; nodes = 2 } -Tag one, two -Description 'made by a test' -ConfigDrive", name).Single;
        Assert.Equal("made by a test", server.Get<string>("Description"));
        Assert.Equal(["one", "two"], server.Get<string[]>("Tags").Order());
        Assert.Equal("2", session.Run("(Get-NovaInstance $args[0]).Metadata['nodes']", name).Single.ToString());
        Assert.Equal("00:50:56:0a:0b:0c", session.Run("(Get-NovaInstance $args[0]).Addresses[0].MacAddress", name).Single.ToString());
    }

    [SkippableFact]
    public void The_third_server_of_an_anti_affinity_group_on_two_hosts_fails_with_the_reason_and_is_deleted()
    {
        using var session = OpenStackPeer.Connect();
        var name = OpenStackPeer.Name("apart");
        using var leftovers = new CloudLeftovers(session, name);
        session.Run("New-NovaServerGroup $args[0] anti-affinity", name).RequireNoErrors();
        var made = session.Run("$group = Get-NovaServerGroup $args[0]; 1..3 | ForEach-Object { New-NovaInstance \"$($args[0])$_\" -Image lab-guest -Flavor m1.nano -Network demo-net -AvailabilityZone fake -ServerGroup $group }".Replace("$($args[0])", name, StringComparison.Ordinal), name);
        Assert.Equal(2, made.Output.Count);
        var error = Assert.Single(made.Errors);
        Assert.StartsWith("Cloud.Failed", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("No valid host was found", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("It was deleted", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, session.Run("Get-NovaInstance \"$($args[0])*\"", name).RequireNoErrors().Output.Count);
        Assert.Equal(2, session.Run("Get-NovaServerGroup $args[0]", name).Single.Get<int>("ServerCount"));
    }

    [SkippableFact]
    public void A_server_that_failed_is_kept_on_demand_and_tells_why()
    {
        using var session = OpenStackPeer.Connect();
        var name = OpenStackPeer.Name("kept");
        using var leftovers = new CloudLeftovers(session, name);
        // m1.large has more CPUs than the one real host.
        var error = Assert.Single(session.Run("New-NovaInstance $args[0] -Image lab-guest -Flavor m1.large -Network demo-net -AvailabilityZone nova -KeepOnFailure", name).Errors);
        Assert.Contains("It was kept", error.ToString(), StringComparison.Ordinal);
        var server = session.Run("Get-NovaInstance $args[0]", name).Single;
        Assert.Equal("ERROR", server.Get<string>("Status"));
        Assert.Contains("No valid host", server.Get<string>("Fault"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_server_moves_live_between_the_fake_hosts_and_cold_back()
    {
        using var session = OpenStackPeer.Connect("lab-admin");
        var name = OpenStackPeer.Name("move");
        using var leftovers = new CloudLeftovers(session, name);
        session.Run(OnFake, name).RequireNoErrors();
        var host = session.Run("(Get-NovaInstance $args[0] -AllProjects -Cloud lab-admin).Host", name).Single.ToString();
        var other = host == "fake1" ? "fake2" : "fake1";
        var moved = session.Run("Move-NovaInstance $args[0] -Live -DestinationHost $args[1] -Cloud lab-admin", name, other);
        Assert.Equal(other, moved.Single.Get<string>("Host"));
        var back = session.Run("Move-NovaInstance $args[0] -Cloud lab-admin", name).Single;
        Assert.Equal(host, back.Get<string>("Host"));
        Assert.Equal("ACTIVE", back.Get<string>("Status"));
    }

    [SkippableFact]
    public void A_live_move_that_Nova_gives_up_is_an_error_with_the_reason_although_the_server_runs_on()
    {
        using var session = OpenStackPeer.Connect("lab-admin");
        var name = OpenStackPeer.Name("stay");
        using var leftovers = new CloudLeftovers(session, name);
        session.Run("New-NovaInstance $args[0] -Image lab-guest -Flavor m1.nano -Network demo-net -AvailabilityZone nova", name).RequireNoErrors();
        var error = Assert.Single(session.Run("Move-NovaInstance $args[0] -Live -Cloud lab-admin", name).Errors);
        Assert.StartsWith("Cloud.Failed", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Matches("was not moved and stays on .+: No valid host was found", error.ToString());
        Assert.Equal("ACTIVE", session.Run("Get-NovaInstance $args[0]", name).Single.Get<string>("Status"));
    }

    [SkippableFact]
    public void Only_administrators_move_servers()
    {
        using var session = OpenStackPeer.Connect();
        var name = OpenStackPeer.Name("no");
        using var leftovers = new CloudLeftovers(session, name);
        session.Run(OnFake, name).RequireNoErrors();
        Assert.StartsWith("Cloud.Forbidden", Assert.Single(session.Run("Move-NovaInstance $args[0] -Live", name).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stopping_while_a_server_is_made_takes_it_away_again(bool beforeTheAnswer)
    {
        using var session = OpenStackPeer.Connect();
        var name = OpenStackPeer.Name("stop");
        using var leftovers = new CloudLeftovers(session, name);
        using (var shell = session.Prepare("New-NovaInstance $args[0] -Image lab-guest -Flavor m1.nano -Network demo-net -AvailabilityZone nova -Verbose", name))
        {
            using var isTime = new ManualResetEventSlim();
            shell.Streams.Progress.DataAdded += (_, _) => isTime.Set();
            shell.Streams.Verbose.DataAdded += (sender, e) =>
            {
                // The description of what will be done: the request is sent next.
                if (beforeTheAnswer && ((System.Management.Automation.PSDataCollection<System.Management.Automation.VerboseRecord>)sender!)[e.Index].Message.StartsWith("Make the server", StringComparison.Ordinal))
                    isTime.Set();
            };
            var run = shell.BeginInvoke();
            Assert.True(isTime.Wait(TimeSpan.FromSeconds(60)), "it did not get that far");
            Thread.Sleep(beforeTheAnswer ? 100 : 0);
            shell.Stop();
            Assert.Throws<System.Management.Automation.PipelineStoppedException>(() => shell.EndInvoke(run));
        }

        // Nova lists a server that was deleted before it reached a host for a moment more. Were it not deleted, it would become ACTIVE and stay.
        var clock = System.Diagnostics.Stopwatch.StartNew();
        int left;
        while ((left = session.Run("Get-NovaInstance \"$($args[0])*\"", name).RequireNoErrors().Output.Count) > 0 && clock.Elapsed < TimeSpan.FromSeconds(60))
            Thread.Sleep(500);
        Assert.Equal(0, left);
    }

    [SkippableTheory]
    [InlineData("-Image nonesuch -Network demo-net", "Cloud.NotFound", "no image 'nonesuch'")]
    [InlineData("-Image lab-guest -Network nonesuch", "Cloud.NotFound", "no network 'nonesuch'")]
    [InlineData("-Image lab-guest -Network demo-net -Flavor nonesuch", "Cloud.NotFound", "no flavor 'nonesuch'")]
    [InlineData("-Image lab-guest -Network demo-net -ServerGroup nonesuch", "Cloud.NotFound", "no server group 'nonesuch'")]
    [InlineData("-Image lab-guest -Network demo-net -KeyName nonesuch", "Cloud.Refused", "key_name")]
    [InlineData("-Image lab-guest -Network demo-net -AvailabilityZone nonesuch", "Cloud.Refused", "availability zone")]
    public void What_is_not_there_is_named(string arguments, string errorId, string text)
    {
        using var session = OpenStackPeer.Connect();
        var error = Assert.Single(session.Run($"New-NovaInstance cm-never {arguments}").Errors);
        Assert.StartsWith(errorId, error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(text, error.ToString(), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("New-NovaInstance -Network demo", "demo-net")]
    [InlineData("New-NovaInstance -Flavor m1.n", "m1.nano")]
    [InlineData("New-NovaInstance -AvailabilityZone ", "fake")]
    [InlineData("New-CinderVolume -VolumeType la", "lab2")]
    [InlineData("Get-NeutronSubnet demo", "demo-subnet")]
    [InlineData("Move-NovaInstance x -Cloud lab-admin -DestinationHost ", "fake1")]
    public void Tab_offers_what_the_cloud_has(string typed, string expected)
    {
        using var session = OpenStackPeer.Connect("lab-admin");
        Assert.Contains(expected, session.Run("(TabExpansion2 $args[0]).CompletionMatches.CompletionText", typed).RequireNoErrors().Output.Select(o => o.ToString()));
    }
}
