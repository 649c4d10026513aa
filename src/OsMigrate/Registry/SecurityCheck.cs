namespace OsMigrate.Registry;

/// <summary>Counts who uses each security cell, then compares with what the cells say and goes round their ring.</summary>
internal sealed class SecurityCheck(HiveImage image, CheckedCells cells, HiveFindings findings)
{
    private readonly Dictionary<int, int> _users = [];
    private readonly HashSet<int> _broken = [];

    /// <summary>Notes that a key uses the cell.</summary>
    public void Use(int offset, CheckedKey key)
    {
        if (_users.TryGetValue(offset, out var users))
        {
            _users[offset] = users + 1;
            return;
        }

        if (_broken.Contains(offset))
            return;
        if (IsSecurity(offset, key))
            _users[offset] = 1;
        else
            _broken.Add(offset);
    }

    public void Run()
    {
        foreach (var user in _users)
        {
            var stated = image.Int32(user.Key + 16);
            if (stated != user.Value)
                findings.Error(user.Key, $"a security descriptor counts {(uint)stated} keys that use it, but {user.Value} do");
        }

        if (_users.Count > 0)
            GoRound(_users.Keys.First());
    }

    private bool IsSecurity(int offset, CheckedKey? key)
    {
        if (!cells.Reach(offset, SecurityCells.FixedLength, "a security descriptor", key))
            return false;
        if (image.UInt16(offset + 4) != HiveFormat.Sk)
        {
            findings.Error(offset, "the cell is not a security descriptor (sk)", key);
            return false;
        }

        var length = image.Int32(offset + 20);
        if (length < 0 || length > -image.Int32(offset) - 4 - SecurityCells.FixedLength)
            findings.Error(offset, $"a security descriptor of {(uint)length} bytes does not fit into its cell", key);
        return true;
    }

    private void GoRound(int first)
    {
        var seen = new HashSet<int>();
        for (var at = first; seen.Add(at);)
        {
            var next = image.Int32(at + 8);
            if (!_users.ContainsKey(next))
            {
                if (seen.Contains(next) || !IsSecurity(next, null))
                {
                    findings.Error(at, "the ring of security descriptors is broken here");
                    return;
                }

                findings.Error(next, "no key uses this security descriptor");
                _users[next] = 0;
            }

            if (image.Int32(next + 12) != at)
                findings.Error(next, "a security descriptor does not point back to the one before it");
            at = next;
            if (seen.Contains(at) && at != first)
            {
                findings.Error(at, "the ring of security descriptors does not close");
                return;
            }
        }

        foreach (var user in _users.Keys)
        {
            if (!seen.Contains(user))
                findings.Error(user, "a security descriptor is not in the ring");
        }
    }
}
