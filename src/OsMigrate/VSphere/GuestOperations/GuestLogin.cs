using OsMigrate.Bytes;

namespace OsMigrate.VSphere.GuestOperations;

/// <summary>A user of the guest, with the rights of an administrator there.</summary>
public sealed record GuestLogin(string User, Secret Password);
