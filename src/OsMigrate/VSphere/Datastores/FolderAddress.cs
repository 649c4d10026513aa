namespace OsMigrate.VSphere.Datastores;

/// <summary>Web address of a file of a datastore.</summary>
/// <remarks>vSphere Web Services SDK Programming Guide, "HTTP access to datastores": https://HOST/folder/PATH?dcPath=DATACENTER&amp;dsName=DATASTORE.</remarks>
internal static class FolderAddress
{
    /// <param name="datacenter">Path of the datacenter from the root folder: "Europe/DC0"; "ha-datacenter" on a host.</param>
    /// <param name="twice">Escape the two names twice, which vCenter wants of names with other characters than letters and digits.</param>
    public static Uri Of(Uri sdk, string datacenter, DatastorePath path, bool twice)
    {
        var file = string.Join("/", path.File.Split('/').Select(Uri.EscapeDataString));
        string Name(string text) => twice ? Uri.EscapeDataString(Uri.EscapeDataString(text)) : Uri.EscapeDataString(text);
        return new UriBuilder(sdk.Scheme, sdk.Host, sdk.Port, "/folder/" + file) { Query = $"dcPath={Name(datacenter)}&dsName={Name(path.Datastore)}" }.Uri;
    }

    /// <summary>True when escaping twice makes another address.</summary>
    public static bool HasTwoForms(string datacenter, DatastorePath path) => Uri.EscapeDataString(datacenter) != datacenter || Uri.EscapeDataString(path.Datastore) != path.Datastore;
}
