namespace OsMigrate.OpenStack.Configuration;

/// <summary>The services whose files are known.</summary>
public enum ServiceName
{
    Keystone,
    Glance,
    Nova,
    Cinder,
    Neutron,
    Placement,
}
