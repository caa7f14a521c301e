using System.Globalization;
using EcoLabelRegistry.Http;
using MediatR;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Primitives;

namespace EcoLabelRegistry.Pages;

/// <summary>What every page has: it asks what the API asks, and reads its fields as a form sends them.</summary>
/// <remarks>
/// A form sends its empty fields too, and a link may carry what another site added: an empty field is an absent one, and an unknown one is no
/// fault. What cannot be read is said beside its field.
/// </remarks>
public abstract class RegistryPage(IMediator mediator) : PageModel
{
    private readonly Dictionary<string, Message> _faults = new(StringComparer.Ordinal);

    /// <summary>What is wrong with which field.</summary>
    public IReadOnlyDictionary<string, Message> Faults => _faults;

    /// <summary>Sends a request.</summary>
    protected Task<T> AskAsync<T>(IRequest<T> request) => mediator.Send(request, HttpContext.RequestAborted);

    /// <summary>The record at an address of the contract, as people call it.</summary>
    protected Task<NamedRecord> NameAsync(string address) => NamedRecord.FindAsync(mediator, address, HttpContext.RequestAborted);

    /// <summary>Says what is wrong with a field.</summary>
    protected void Fault(string field, Message message) => _faults.TryAdd(field, message);

    /// <summary>The text of a field; null when it is absent or blank.</summary>
    public string? Text(string field) => Fields(field) is [{ } text, ..] && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    /// <summary>All that was sent under a name: in the address, unless the page has a form that is sent otherwise.</summary>
    protected virtual StringValues Fields(string field) => Request.Query[field];

    /// <summary>The value of a field; null when it is absent, or when it cannot be read, which is then said beside it.</summary>
    protected T? Value<T>(string field)
        where T : struct
    {
        if (Text(field) is not { } text)
        {
            return null;
        }

        if (TextValues.For(typeof(T))!.Value.Reader(text, out var value, out var fault))
        {
            return (T)value;
        }

        Fault(field, fault);
        return null;
    }

    /// <summary>Which stretch of a list is asked for.</summary>
    protected Paging Stretch(int rows = Paging.DefaultLimit)
    {
        List<Fault>? faults = null;
        var paging = Paging.Read(rows.ToString(CultureInfo.InvariantCulture), Text(Paging.CursorName), Request, ref faults);
        return faults is null ? paging : throw Refusal.Invalid(faults);
    }

    /// <summary>A list as a whole.</summary>
    protected Paging Whole()
    {
        List<Fault>? faults = null;
        return Paging.Read(null, null, Request, ref faults).WholeUnlessLimited();
    }

    /// <summary>This address with some fields changed; one that is null is left out.</summary>
    public string With(params ReadOnlySpan<(string Field, string? Value)> changes)
    {
        var fields = Request.Query.Where(f => f.Key != "lang").ToDictionary(f => f.Key, f => (string?)f.Value.ToString(), StringComparer.Ordinal);
        foreach (var (field, value) in changes)
        {
            fields[field] = value;
        }

        return Request.PathBase + Request.Path + QueryString.Create(fields.Where(f => !string.IsNullOrEmpty(f.Value)));
    }
}
