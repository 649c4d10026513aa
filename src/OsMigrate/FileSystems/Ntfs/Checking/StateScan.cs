namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>How the volume was left, and whether its second boot sector is there.</summary>
internal static class StateScan
{
    public static void Run(CheckState state)
    {
        var volume = state.Volume;
        if (volume.IsDirty)
            state.Warn("State", null, "the volume is marked for a check by chkdsk (dirty)");
        if (volume.LogFile == LogFileState.Unclean)
            state.Warn("State", null, "$LogFile is not clean: the machine crashed or sleeps, and changes may wait in the log");
        if (volume.LogFile == LogFileState.Damaged)
            state.Error("State", Mft.LogFileNumber, "the restart pages of $LogFile cannot be read");
        if (volume.Hibernation == HibernationState.Hibernated)
            state.Warn("State", null, "Windows is hibernated in hiberfil.sys, or was shut down with fast startup");
        CheckSecondBootSector(state);
        if (volume.UpCase.Of('a') != 'A' || volume.UpCase.Of('Z') != 'Z')
            state.Error("Index", Mft.UpCaseNumber, "$UpCase does not make 'A' of 'a'");
    }

    /// <summary>The copy stands in the sector behind the volume, which a store that ends with the volume does not have.</summary>
    private static void CheckSecondBootSector(CheckState state)
    {
        var (store, boot) = (state.Volume.Layout.Store, state.Volume.Layout.Boot);
        var at = boot.SectorCount * boot.SectorSize;
        if (store.Length < at + boot.SectorSize)
            return;
        if (!store.ReadBytes(0, NtfsBoot.Size).AsSpan().SequenceEqual(store.ReadBytes(at, NtfsBoot.Size)))
            state.Warn("Boot", null, "the second boot sector behind the volume differs from the first");
    }
}
