using OsMigrate.Bytes;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.Migrations.Features;

/// <summary>One question to a cloud, asked when it is first needed: its answer, or who refused it.</summary>
internal sealed class Answer<T>(string question, Func<T> ask)
    where T : notnull
{
    private bool _isAsked;
    private bool _isKnown;
    private T? _value;
    private string _refusal = "";

    /// <summary>False when the cloud did not answer, or does not answer this user.</summary>
    public bool IsKnown
    {
        get
        {
            Ask();
            return _isKnown;
        }
    }

    /// <exception cref="OsMigrateException">It is not known.</exception>
    public T Value => IsKnown ? _value! : throw new OsMigrateException(ErrorIds.CloudForbidden, ErrorKind.PermissionDenied, _refusal);

    /// <summary>Who was asked what and why there is no answer: "Nova os-services: 403, this user may not ask".</summary>
    public string Refusal => IsKnown ? "" : _refusal;

    /// <summary>What the answer shows, or Unknown with the refusal.</summary>
    public Finding Then(Func<T, Finding> judge) => IsKnown ? judge(_value!) : Finding.Unknown(_refusal);

    private void Ask()
    {
        if (_isAsked)
            return;
        try
        {
            _value = ask();
            _isKnown = true;
        }
        catch (CloudException e)
        {
            _refusal = $"{question}: {e.Status}, {(e.Status == 403 ? "this user may not ask" : e.Reason ?? "no reason given")}";
        }
        catch (OsMigrateException e)
        {
            _refusal = $"{question}: {e.Message}";
        }

        _isAsked = true;
    }
}
