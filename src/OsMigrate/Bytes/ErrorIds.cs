namespace OsMigrate.Bytes;

/// <summary>Every stable error id. One list, so that ids stay unique and the help page about_OsMigrate_Errors can be checked against it.</summary>
public static class ErrorIds
{
    /// <summary>A structure reaches past the end of its file.</summary>
    public const string Truncated = "Image.Truncated";

    /// <summary>A header or field has a value its format does not allow.</summary>
    public const string BadStructure = "Image.BadStructure";

    /// <summary>A checksum in the file does not match the bytes it covers.</summary>
    public const string BadChecksum = "Image.BadChecksum";

    /// <summary>Two structures that must be apart share bytes.</summary>
    public const string Overlap = "Image.Overlap";

    /// <summary>Deflated or zstd data cannot be expanded, or expands to another size than its block.</summary>
    public const string BadCompression = "Image.BadCompression";

    /// <summary>A size is beyond what the format or this tool allows.</summary>
    public const string TooLarge = "Image.TooLarge";

    /// <summary>A legal feature, subformat or version that is not read here.</summary>
    public const string UnsupportedFeature = "Image.UnsupportedFeature";

    /// <summary>No known format, although one was expected.</summary>
    public const string UnknownFormat = "Image.UnknownFormat";

    /// <summary>An extent, parent or data file that the image names is not there.</summary>
    public const string MissingSibling = "Image.MissingSibling";

    /// <summary>The image names a file outside its own folder, by a path, a link or a device name.</summary>
    public const string OutsideFolder = "Image.OutsideFolder";

    /// <summary>An image is, directly or not, its own parent, or the chain is too deep.</summary>
    public const string ParentCycle = "Image.ParentCycle";

    /// <summary>The parent is not the file the child was made from.</summary>
    public const string ParentMismatch = "Image.ParentMismatch";

    /// <summary>The image was not closed properly and its log cannot be replayed.</summary>
    public const string Dirty = "Image.Dirty";

    /// <summary>An appliance (OVA, OVF, VMX) breaks its format.</summary>
    public const string BadAppliance = "Appliance.BadStructure";

    /// <summary>A file of the appliance does not have the checksum its manifest gives.</summary>
    public const string ManifestMismatch = "Appliance.ManifestMismatch";

    /// <summary>A file that the appliance's descriptor names is not there.</summary>
    public const string MissingMember = "Appliance.MissingMember";

    /// <summary>The appliance uses something that has no counterpart or is not read here.</summary>
    public const string UnsupportedAppliance = "Appliance.Unsupported";

    /// <summary>A file the user named does not exist.</summary>
    public const string FileNotFound = "File.NotFound";

    /// <summary>A file exists already and -Force was not given.</summary>
    public const string FileExists = "File.Exists";

    /// <summary>The file cannot be opened, read or written.</summary>
    public const string FileAccess = "File.Access";

    /// <summary>A path of another PowerShell provider (registry, certificates) where a file is needed.</summary>
    public const string NotFileSystem = "File.NotFileSystem";

    /// <summary>The destination has no room left.</summary>
    public const string DiskFull = "File.DiskFull";

    /// <summary>What was written does not read back as what was sent.</summary>
    public const string WriteVerification = "Convert.VerificationFailed";

    /// <summary>A change of a file in place was cut off; its content is neither old nor new until it is taken back.</summary>
    public const string EditInterrupted = "Edit.Interrupted";

    /// <summary>A change cannot be taken back: the file was changed since, or the journal is of another file.</summary>
    public const string EditConflict = "Edit.Conflict";

    /// <summary>A file or folder is not on the volume.</summary>
    public const string VolumePathNotFound = "Volume.PathNotFound";

    /// <summary>A file or folder of that name is on the volume already, or a folder is not empty.</summary>
    public const string VolumePathExists = "Volume.PathExists";

    /// <summary>The volume has no room for what is to be written; nothing was changed.</summary>
    public const string VolumeFull = "Volume.Full";

    /// <summary>The volume was not left in order (log not clean, marked dirty), so it is not written to.</summary>
    public const string VolumeUnclean = "Volume.Unclean";

    /// <summary>A name or size that the Windows registry does not allow.</summary>
    public const string RegistryBadName = "Registry.BadName";

    /// <summary>A registry key was used after it had been deleted.</summary>
    public const string RegistryKeyDeleted = "Registry.KeyDeleted";

    /// <summary>A changed hive did not pass the check before it is written; nothing was written.</summary>
    public const string RegistrySelfCheck = "Registry.SelfCheckFailed";

    /// <summary>The combination of source, target and options cannot be done.</summary>
    public const string BadRequest = "Convert.BadRequest";

    /// <summary>A fault in this program: please report it.</summary>
    public const string Unexpected = "Internal.Unexpected";

    /// <summary>A clouds.yaml or secure.yaml cannot be read.</summary>
    public const string CloudFile = "Cloud.File";

    /// <summary>No cloud of that name, or several and none was chosen.</summary>
    public const string CloudUnknown = "Cloud.Unknown";

    /// <summary>The description of a cloud lacks something or contradicts itself.</summary>
    public const string CloudSettings = "Cloud.Settings";

    /// <summary>No connection to a server came about.</summary>
    public const string NetUnreachable = "Net.Unreachable";

    /// <summary>A connection broke before the whole answer was there.</summary>
    public const string NetInterrupted = "Net.Interrupted";

    /// <summary>A server did not answer in time.</summary>
    public const string NetTimeout = "Net.Timeout";

    /// <summary>A server's certificate is not trusted, or no secure connection came about.</summary>
    public const string NetCertificate = "Net.Certificate";

    /// <summary>An answer is too large, or not what the API promises.</summary>
    public const string NetBadAnswer = "Net.BadAnswer";

    /// <summary>What was downloaded does not have the checksum that was given.</summary>
    public const string NetChecksum = "Net.ChecksumMismatch";

    /// <summary>No cloud is connected, or the name is not one of the connected clouds.</summary>
    public const string CloudNotConnected = "Cloud.NotConnected";

    /// <summary>The credentials were refused, or what they allow ended.</summary>
    public const string CloudUnauthorized = "Cloud.Unauthorized";

    /// <summary>The user may not do this in this project.</summary>
    public const string CloudForbidden = "Cloud.Forbidden";

    /// <summary>The cloud has nothing of that name or id.</summary>
    public const string CloudNotFound = "Cloud.NotFound";

    /// <summary>Several things have that name.</summary>
    public const string CloudAmbiguous = "Cloud.Ambiguous";

    /// <summary>The state of a thing does not allow this now, or it exists already.</summary>
    public const string CloudConflict = "Cloud.Conflict";

    /// <summary>A quota or a size limit of the cloud is in the way.</summary>
    public const string CloudQuota = "Cloud.QuotaExceeded";

    /// <summary>A service refused a request as wrong.</summary>
    public const string CloudRefused = "Cloud.Refused";

    /// <summary>A service failed, or asks for less haste, even after several tries.</summary>
    public const string CloudUnavailable = "Cloud.Unavailable";

    /// <summary>The cloud does not offer a service, a region or a version that is needed.</summary>
    public const string CloudNoService = "Cloud.NoService";

    /// <summary>A server, volume, image or migration went into its error state.</summary>
    public const string CloudFailed = "Cloud.Failed";

    /// <summary>Something did not reach the expected state in the time allowed.</summary>
    public const string CloudTimeout = "Cloud.Timeout";

    /// <summary>What the cloud stored is not what was sent.</summary>
    public const string CloudChecksum = "Cloud.ChecksumMismatch";

    /// <summary>There is no migration job of that id.</summary>
    public const string JobUnknown = "Job.Unknown";

    /// <summary>Another process works on the job.</summary>
    public const string JobBusy = "Job.Busy";

    /// <summary>A job's record cannot be read.</summary>
    public const string JobDamaged = "Job.Damaged";

    /// <summary>The state of a job does not allow this.</summary>
    public const string JobState = "Job.State";

    /// <summary>The source of a job is not the file it was planned with.</summary>
    public const string JobSourceChanged = "Job.SourceChanged";

    /// <summary>An INF file cannot be read as one, or a driver's package lacks a file.</summary>
    public const string DriverPackage = "Driver.BadPackage";

    /// <summary>The medium offers no drivers, or none for this Windows.</summary>
    public const string DriverNotFound = "Driver.NotFound";

    /// <summary>A guest cannot be prepared as it is: hibernated, encrypted, dirty, unknown.</summary>
    public const string GuestNotFit = "Guest.NotFit";

    /// <summary>No vCenter or host is connected, or the name is not one of those that are.</summary>
    public const string VSphereNotConnected = "VSphere.NotConnected";

    /// <summary>What was said of a vCenter or host cannot be used: address, thumbprint.</summary>
    public const string VSphereSettings = "VSphere.Settings";

    /// <summary>vSphere refused user and password, or a session ended and cannot be renewed.</summary>
    public const string VSphereUnauthorized = "VSphere.Unauthorized";

    /// <summary>The user lacks a privilege in vSphere.</summary>
    public const string VSphereForbidden = "VSphere.Forbidden";

    /// <summary>vSphere has nothing of that name or id.</summary>
    public const string VSphereNotFound = "VSphere.NotFound";

    /// <summary>Several machines have that name.</summary>
    public const string VSphereAmbiguous = "VSphere.Ambiguous";

    /// <summary>The state of a machine in vSphere does not allow this now.</summary>
    public const string VSphereState = "VSphere.State";

    /// <summary>vSphere refused a request for another reason.</summary>
    public const string VSphereRefused = "VSphere.Refused";

    /// <summary>A task or a lease in vSphere failed.</summary>
    public const string VSphereFailed = "VSphere.Failed";

    /// <summary>Something in vSphere did not come about in the time allowed.</summary>
    public const string VSphereTimeout = "VSphere.Timeout";

    /// <summary>What arrived is not what the host says it sent.</summary>
    public const string VSphereChecksum = "VSphere.ChecksumMismatch";

    /// <summary>The machine has something that cannot be read or moved: a raw device, encryption.</summary>
    public const string VSphereUnsupported = "VSphere.Unsupported";

    /// <summary>A file of the datastore cannot be read now: a running machine holds it, or the datastore does not hand out files.</summary>
    public const string VSphereFileLocked = "VSphere.FileLocked";

    /// <summary>An object of PowerCLI came out of a job or remote session and has no connection any more.</summary>
    public const string InteropDeserialized = "Interop.Deserialized";

    /// <summary>A machine of Hyper-V where one of vSphere is needed.</summary>
    public const string InteropHyperV = "Interop.HyperV";

    /// <summary>An object that is no virtual machine, or lacks what names it.</summary>
    public const string InteropNotAMachine = "Interop.NotAMachine";

    /// <summary>No connection of PowerCLI belongs to an object.</summary>
    public const string InteropNoSession = "Interop.NoSession";

    /// <summary>None of the known_hosts files has a key of the host.</summary>
    public const string SshUnknownHostKey = "Ssh.UnknownHostKey";

    /// <summary>The host shows another key than the one it is known by.</summary>
    public const string SshHostKeyChanged = "Ssh.HostKeyChanged";

    /// <summary>The host shows a key that is marked as revoked.</summary>
    public const string SshHostKeyRevoked = "Ssh.HostKeyRevoked";

    /// <summary>The host refused the user's key or password.</summary>
    public const string SshUnauthorized = "Ssh.Unauthorized";

    /// <summary>A private key, a known_hosts file or an address cannot be used, or there is nothing to log in with.</summary>
    public const string SshSettings = "Ssh.Settings";

    /// <summary>There is no such file on the remote host.</summary>
    public const string SshFileNotFound = "Ssh.FileNotFound";

    /// <summary>A file of the remote host cannot be read or written.</summary>
    public const string SshFileAccess = "Ssh.FileAccess";

    /// <summary>A command on the remote host failed.</summary>
    public const string SshCommandFailed = "Ssh.CommandFailed";

    /// <summary>A host could not be asked about itself.</summary>
    public const string HostFacts = "Host.Facts";

    /// <summary>What was asked for needs a restart of the machine, which was not allowed.</summary>
    public const string GuestRestart = "Guest.NeedsRestart";

    /// <summary>A file is no export of RVTools, or cannot be read as one.</summary>
    public const string RvToolsBadWorkbook = "RvTools.BadWorkbook";

    /// <summary>An export of RVTools is, or expands to, more than is read.</summary>
    public const string RvToolsTooLarge = "RvTools.TooLarge";

    /// <summary>An export of RVTools lists no machine.</summary>
    public const string RvToolsNoMachines = "RvTools.NoMachines";

    /// <summary>A configuration file of a service is not as oslo.config reads it.</summary>
    public const string ConfigBadStructure = "Config.BadStructure";

    /// <summary>A file, or a line of one, is larger than any configuration.</summary>
    public const string ConfigTooLarge = "Config.TooLarge";

    /// <summary>No configuration file is where it was looked for.</summary>
    public const string ConfigNotFound = "Config.NotFound";

    /// <summary>A configuration file was changed by someone else since it was read; nothing was written.</summary>
    public const string ConfigChanged = "Config.Changed";

    /// <summary>The release knows no such option, or the value is none that the option takes; nothing was written.</summary>
    public const string ConfigRefused = "Config.Refused";
}
