namespace OsMigrate.OpenStack.Configuration.Probes;

/// <summary>What came of trying an address.</summary>
internal enum ProbeOutcome
{
    Works,

    /// <summary>No connection, or no answer in time.</summary>
    Unreachable,

    /// <summary>Something else than what was expected answers.</summary>
    WrongServer,

    /// <summary>User or password is refused.</summary>
    Refused,

    /// <summary>The login is taken, but what is asked for (a database, a virtual host, a region) is not there or not allowed.</summary>
    Missing,

    /// <summary>The certificate is not trusted.</summary>
    Certificate,
}

/// <summary>The outcome and the server's words, without secrets.</summary>
internal readonly record struct ProbeResult(ProbeOutcome Outcome, string Words);
