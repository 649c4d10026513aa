namespace OsMigrate.Tests.Support.Faults;

/// <summary>What goes wrong with a request on its way.</summary>
public abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>The proxy answers itself; the service never sees the request.</summary>
    public sealed record Answer(int Status) : Fault
    {
        /// <summary>Goes into Retry-After as whole seconds; null for no such header.</summary>
        public int? RetryAfterSeconds { get; init; }

        /// <summary>The answer comes after so many bytes of the request's body; null for after all of it. The rest is not listened to.</summary>
        public long? AfterBytes { get; init; }

        public string Body { get; init; } = """{"error": {"code": 0, "title": "fault", "message": "injected by the fault proxy"}}""";
    }

    /// <summary>The request waits, then goes on as if nothing had been.</summary>
    public sealed record Delay(TimeSpan Time) : Fault;

    /// <summary>The connection is reset after so many bytes of the request's body came.</summary>
    public sealed record CutRequest(long AfterBytes) : Fault;

    /// <summary>The connection ends after so many bytes of the answer's body went out.</summary>
    public sealed record CutAnswer(long AfterBytes) : Fault;

    /// <summary>The answer's Content-Length is off by so much; the body is the service's.</summary>
    public sealed record WrongLength(long Difference) : Fault;

    /// <summary>The service does the request; its answer is thrown away and the connection closed.</summary>
    public sealed record LoseAnswer : Fault;
}
