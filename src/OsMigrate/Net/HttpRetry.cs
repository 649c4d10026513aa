using OsMigrate.Bytes;
using Polly;
using Polly.Retry;

namespace OsMigrate.Net;

/// <summary>When a request is sent again, how often, and how long to wait before: the only place that decides.</summary>
/// <remarks>
/// A request that may be repeated is sent again after lost connections and after 408, 429, 500, 502, 503 and 504. Any other only when the
/// server certainly did nothing: no connection came about, or it answered 429, or 413 or 503 together with Retry-After.
/// A 500 that is an answer (SOAP) is never repeated.
/// Waits grow from 1 s to 60 s with jitter; a server's own Retry-After comes first, up to 15 minutes.
/// </remarks>
internal sealed class HttpRetry
{
    private const int Retries = 4;

    private readonly TimeProvider _time;
    private readonly Action<string> _note;
    private readonly ResiliencePipeline<HttpReply> _repeatable;
    private readonly ResiliencePipeline<HttpReply> _careful;
    private readonly ResiliencePipeline<HttpReply> _answered;

    /// <param name="note">Told of every wait.</param>
    public HttpRetry(TimeProvider time, Action<string> note)
    {
        (_time, _note) = (time, note);
        _repeatable = Build(MayRepeat);
        _careful = Build(WasNotDone);
        _answered = Build(outcome => outcome.Result is not { Status: 500 } && MayRepeat(outcome));
    }

    public HttpReply Run(HttpCall call, Func<HttpReply> once, CancellationToken cancel)
        => (!call.IsRepeatable ? _careful : call.Is500AnAnswer ? _answered : _repeatable).Execute(_ => once(), cancel);

    private ResiliencePipeline<HttpReply> Build(Func<Outcome<HttpReply>, bool> wanted)
        => new ResiliencePipelineBuilder<HttpReply> { TimeProvider = _time }.AddRetry(new RetryStrategyOptions<HttpReply>
        {
            MaxRetryAttempts = Retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromSeconds(1),
            MaxDelay = TimeSpan.FromSeconds(60),
            ShouldHandle = args => new ValueTask<bool>(wanted(args.Outcome) && !(Asked(args.Outcome) > RetryAfter.Longest)),
            DelayGenerator = args => new ValueTask<TimeSpan?>(Asked(args.Outcome)),
            OnRetry = args =>
            {
                _note(FormattableString.Invariant($"{Reason(args.Outcome)}: trying again in {args.RetryDelay.TotalSeconds:f1} s ({args.AttemptNumber + 1} of {Retries})."));
                return default;
            },
        }).Build();

    private TimeSpan? Asked(Outcome<HttpReply> outcome) => outcome.Result is { } reply ? RetryAfter.Of(reply, _time.GetUtcNow()) : null;

    private static bool MayRepeat(Outcome<HttpReply> outcome) => outcome.Exception is OsMigrateException fault
        ? fault.ErrorId is ErrorIds.NetUnreachable or ErrorIds.NetInterrupted or ErrorIds.NetTimeout
        : outcome.Result is { Status: 408 or 429 or 500 or 502 or 503 or 504 } || WasNotDone(outcome);

    private static bool WasNotDone(Outcome<HttpReply> outcome) => outcome.Exception is OsMigrateException fault
        ? fault.ErrorId is ErrorIds.NetUnreachable
        : outcome.Result is { Status: 429 } || (outcome.Result is { Status: 413 or 503 } reply && reply.Header("Retry-After") is not null);

    private static string Reason(Outcome<HttpReply> outcome)
        => outcome.Result is { } reply ? $"{reply.Address.Host} answered {reply.Status}" : outcome.Exception?.Message.TrimEnd('.') ?? "no answer";
}
