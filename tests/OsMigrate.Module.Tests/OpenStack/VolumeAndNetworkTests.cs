using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests.OpenStack;

[Collection(OpenStackCollection.Name)]
public class VolumeAndNetworkTests
{
    [SkippableFact]
    public void A_volume_is_made_attached_detached_and_removed()
    {
        using var session = OpenStackPeer.Connect();
        var name = OpenStackPeer.Name("disk");
        using var leftovers = new CloudLeftovers(session, name);
        session.Run("New-NovaInstance $args[0] -Image lab-guest -Flavor m1.nano -Network demo-net -AvailabilityZone fake", name).RequireNoErrors();
        var attached = session.Run("New-CinderVolume $args[0] -SizeGiB 1 | Add-CinderVolumeAttachment $args[0]", name).Single;
        Assert.Equal("in-use", attached.Get<string>("Status"));
        Assert.StartsWith("Cloud.Refused", Assert.Single(session.Run("Remove-CinderVolume $args[0] -Confirm:$false", name).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("available", session.Run("Remove-CinderVolumeAttachment $args[0] $args[0]", name).Single.Get<string>("Status"));
        session.Run("Get-CinderVolume $args[0] | Remove-CinderVolume -Confirm:$false", name).RequireNoErrors();
        Assert.Empty(session.Run("Get-CinderVolume \"$($args[0])*\"", name).RequireNoErrors().Output);
    }

    [SkippableFact]
    public void A_volume_of_an_image_is_bootable_and_as_large_as_the_image_needs()
    {
        using var session = OpenStackPeer.Connect();
        var name = OpenStackPeer.Name("root");
        using var leftovers = new CloudLeftovers(session, name);
        var volume = session.Run("Get-GlanceImage lab-guest | New-CinderVolume -Name $args[0] -VolumeType lab2", name).Single;
        Assert.True(volume.Get<bool>("IsBootable"));
        Assert.Equal(1, volume.Get<int>("SizeGiB"));
        Assert.Equal("lab2", volume.Get<string>("VolumeType"));
    }

    [SkippableFact]
    public void A_volume_that_no_storage_can_hold_fails_with_the_reason_Cinder_noted_and_is_deleted()
    {
        using var session = OpenStackPeer.Connect();
        var name = OpenStackPeer.Name("huge");
        using var leftovers = new CloudLeftovers(session, name);
        var error = Assert.Single(session.Run("New-CinderVolume $args[0] -SizeGiB 900000", name).Errors);
        Assert.StartsWith("Cloud.Failed", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Could not find any available weighted backend", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(session.Run("Get-CinderVolume \"$($args[0])*\" | Where-Object Status -ne deleting", name).RequireNoErrors().Output);
    }

    [SkippableFact]
    public void A_port_has_the_addresses_that_were_asked_for_and_they_are_not_given_twice()
    {
        using var session = OpenStackPeer.Connect();
        var name = OpenStackPeer.Name("port");
        using var leftovers = new CloudLeftovers(session, name);
        var port = session.Run("Get-NeutronNetwork demo-net | New-NeutronPort -Name $args[0] -MacAddress 00-50-56-0A-0B-0D -IPAddress 10.22.0.77 -SecurityGroup default -Tag one", name).Single;
        Assert.Equal("00:50:56:0a:0b:0d", port.Get<string>("MacAddress"));
        Assert.Equal(["10.22.0.77"], port.Get<string[]>("IpAddresses"));
        Assert.Equal(["one"], port.Get<string[]>("Tags"));
        Assert.StartsWith("Cloud.Conflict", Assert.Single(session.Run("New-NeutronPort \"$($args[0])2\" demo-net -MacAddress 00:50:56:0a:0b:0d", name).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        session.Run("Get-NeutronPort $args[0] | Remove-NeutronPort -Confirm:$false", name).RequireNoErrors();
        Assert.Empty(session.Run("Get-NeutronPort \"$($args[0])*\"", name).RequireNoErrors().Output);
    }

    [SkippableTheory]
    [InlineData("lab")]
    [InlineData("lab-app")]
    public void Quotas_count_what_is_there(string cloud)
    {
        using var session = OpenStackPeer.Connect(cloud);
        var name = OpenStackPeer.Name("count");
        using var leftovers = new CloudLeftovers(session, name);
        const string InUse = "(Get-OpenStackQuota -Cloud $args[0] | Where-Object Resource -eq volumes).InUse";
        var before = session.Run(InUse, cloud).Single.ToString();
        session.Run("New-CinderVolume $args[0] -SizeGiB 1 -Cloud $args[1]", name, cloud).RequireNoErrors();
        Assert.NotEqual(before, session.Run(InUse, cloud).Single.ToString());
        var services = session.Run("Get-OpenStackQuota").RequireNoErrors().Output.Select(o => o.Get<string>("Service")).Distinct();
        Assert.Equal(["Nova", "Cinder", "Neutron"], services);
    }

    [SkippableFact]
    public void Everything_that_is_listed_has_a_view_and_is_found_by_its_name()
    {
        using var session = OpenStackPeer.Connect("lab-admin");
        foreach (var noun in new[] { "NovaFlavor", "NovaAvailabilityZone", "NeutronNetwork", "NeutronSubnet", "NeutronSecurityGroup", "CinderVolumeType" })
        {
            var listed = session.Run($"Get-{noun}").RequireNoErrors().Output;
            Assert.NotEmpty(listed);
            var first = session.Run($"Get-{noun} -{Parameter(noun)} $args[0]", listed[0].Get<string>("Name")).Single;
            Assert.Equal(listed[0].Get<string>("Name"), first.Get<string>("Name"));
            Assert.DoesNotContain("Cloud  ", session.Show($"Get-{noun}"), StringComparison.Ordinal);
        }

        Assert.Contains("fake1", session.Show("Get-NovaHypervisor -Cloud lab-admin"), StringComparison.Ordinal);
    }

    private static string Parameter(string noun) => noun.Replace("Nova", "", StringComparison.Ordinal).Replace("Neutron", "", StringComparison.Ordinal).Replace("Cinder", "", StringComparison.Ordinal);
}
