using System.Globalization;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Primitives;

namespace EcoLabelRegistry.Pages;

/// <summary>A page with a form that writes. It sends the request that the API sends, and whatever goes wrong, what was typed is shown again.</summary>
/// <remarks>
/// A field is named as the member of the API's body that it fills (<c>title.en</c>, <c>grants[0].level</c>), so that a refusal finds its field by itself.
/// A page reads its fields (<see cref="RegistryPage.Text"/>, <see cref="RegistryPage.Value{T}"/>) and returns <see cref="WriteAsync{T}"/>; its form
/// has the partial <c>_Writing</c> at its head. Whether the form is ours is asked here and not by the framework, which would drop what was typed.
/// </remarks>
[IgnoreAntiforgeryToken]
[KeepsForm]
public abstract class WritingPage(IMediator mediator, TimeProvider clock, Sessions sessions) : ReadingPage(mediator, clock), IKeepsForm
{
    /// <summary>The id of the form that writes.</summary>
    public const string FormId = "writing";

    /// <summary>The field of a form that is only to be shown again: in another language.</summary>
    public const string AgainField = "again";

    /// <summary>The field of an API key, for whoever sends a form when his session has ended.</summary>
    public const string KeyField = "key";

    /// <summary>The field of the button that was pressed, where a form has several.</summary>
    public const string StepField = "step";

    private readonly IMediator _mediator = mediator;

    private readonly OrderedDictionary<string, string> _labels = new(StringComparer.Ordinal);

    /// <summary>Who is signed in; null when nobody is.</summary>
    public SignedIn? SignedIn => SignedIn.Of(HttpContext);

    /// <summary>True when the form was sent and is shown again for a key: nobody is signed in, or no longer.</summary>
    public bool AsksForKey { get; private set; }

    /// <summary>False where anybody may send the form, or where the key is a field of its own.</summary>
    protected virtual bool NeedsCaller => true;

    /// <summary>True when a form was sent.</summary>
    public bool IsSent => HttpMethods.IsPost(Request.Method);

    /// <summary>True once the page has written the head of its form (<c>_Writing</c>).</summary>
    public bool HasForm { get; set; }

    /// <inheritdoc />
    /// <remarks>Of a form that nobody has sent yet as well: what was typed in it is as dear.</remarks>
    public SentForm? SentForm => HasForm && (IsSent || HasFields) ? Sends : null;

    /// <summary>False for a form that has nothing to type in before it is sent.</summary>
    protected virtual bool HasFields => true;

    /// <summary>How the form that is shown again is sent.</summary>
    protected virtual SentForm Sends => new(FormId);

    /// <summary>Says what a field is called on the page.</summary>
    public void Call(string field, string label) => _labels.TryAdd(field, label);

    /// <summary>What a field is called on the page; null when the page has none of that name.</summary>
    public string? LabelOf(string field) => _labels.GetValueOrDefault(field);

    /// <summary>Where a field stands on the page, from 0; -1 for what is no field of it.</summary>
    public int PlaceOf(string field) => _labels.IndexOf(field);

    /// <summary>True when something is wrong with a field whose name begins so, which must then not stay folded away.</summary>
    public bool HasFaultIn(params ReadOnlySpan<string> starts)
    {
        foreach (var start in starts)
        {
            if (Faults.Keys.Any(field => field.StartsWith(start, StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What stands in a field: what was typed, exactly, else what the page has to offer.</summary>
    public string? Shown(string field, string? offered = null) => IsSent ? Sent(field).ToString() : Text(field) ?? offered;

    /// <summary>Every field that was sent, but for those of the form itself: what a second step carries along unseen.</summary>
    public IEnumerable<(string Name, string Value)> Kept => IsSent
        ? Request.Form.Where(f => f.Key is not (KeyField or StepField or AgainField or "__RequestVerificationToken")).SelectMany(f => f.Value, (f, value) => (f.Key, value ?? ""))
        : [];

    /// <summary>Every text of a field that may have several, blank ones left out.</summary>
    public IReadOnlyList<string> Texts(string field) => [.. Fields(field).Where(text => !string.IsNullOrWhiteSpace(text)).Select(text => text!.Trim())];

    /// <inheritdoc />
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (IsSent)
        {
            await ReadFormAsync();
            var isOurs = await sessions.IsFormOursAsync(HttpContext);
            AsksForKey = NeedsCaller && SignedIn is null;
            if (RateLimits.RefusalOf(HttpContext) is { } refusal)
            {
                context.Result = await RefusedAsync(refusal);
                return;
            }

            if (!isOurs)
            {
                Fault("", new Message("writing.lost-form"));
                context.Result = await AgainAsync(StatusCodes.Status400BadRequest);
                return;
            }

            if (Text(AgainField) is not null)
            {
                context.Result = await AgainAsync(StatusCodes.Status200OK);
                return;
            }

            AsksForKey = false;
        }

        await base.OnPageHandlerExecutionAsync(context, next);
    }

    /// <summary>Reads what the page shows around its fields, for a first look and for another one.</summary>
    protected abstract Task ShowAsync();

    /// <inheritdoc />
    protected override StringValues Fields(string field) => IsSent ? Sent(field) : base.Fields(field);

    /// <summary>What the form that was sent has in a field.</summary>
    protected virtual StringValues Sent(string field) => Request.Form[field];

    /// <summary>Who sends the form: by his session, else by the key that stands in it, which begins one.</summary>
    /// <returns>Null when nobody does: then the page is to be shown <see cref="AgainAsync">again</see>.</returns>
    protected async Task<Caller?> CallerAsync()
    {
        if (SignedIn is { } who)
        {
            return who.Caller;
        }

        if (Text(KeyField) is { } key)
        {
            if (await BeginAsync(key) is { } caller)
            {
                await SignedIn.SetAsync(HttpContext, caller, _mediator);
                return caller;
            }
        }

        AsksForKey = true;
        return null;
    }

    /// <summary>Begins a session with the key that stands in the form.</summary>
    /// <returns>Whose it is; null when it is none, which is said beside the field.</returns>
    protected async Task<Caller?> BeginAsync(string key)
    {
        var caller = await sessions.BeginAsync(HttpContext, key);
        if (caller is null)
        {
            Fault(KeyField, key.Length > Sessions.LongestKey ? new Message("fault.too-long", Sessions.LongestKey) : new Message("refusal.wrong-key"));
        }

        return caller;
    }

    /// <summary>Shows the page again with all that was typed.</summary>
    protected virtual async Task<IActionResult> AgainAsync(int status)
    {
        await ShowAsync();
        Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
        {
            Response.Headers.WWWAuthenticate = "Bearer"; // a browser asks nothing by it; the form does
        }

        return Page();
    }

    /// <summary>Sends a write. Once it is done the browser goes elsewhere, so that loading again sends nothing again.</summary>
    /// <param name="request">The request, by whoever sends the form.</param>
    /// <param name="done">Where the browser goes, and what is said there.</param>
    /// <returns>The page again where the form has faults, nobody is signed in, or the write is refused.</returns>
    protected async Task<IActionResult> WriteAsync<T>(Func<Caller, IRequest<T>> request, Func<T, (string Address, Message Said)> done)
    {
        if (await CallerAsync() is not { } caller)
        {
            return await AgainAsync(StatusCodes.Status401Unauthorized);
        }

        if (Faults.Count > 0)
        {
            return await AgainAsync(StatusCodes.Status400BadRequest);
        }

        return await SendAsync(request(caller), done);
    }

    /// <summary>Sends a write that is complete, by whomever it says. Once it is done the browser goes elsewhere.</summary>
    /// <returns>The page again where the write is refused.</returns>
    protected Task<IActionResult> SendAsync<T>(IRequest<T> request, Func<T, (string Address, Message Said)> done) => UnlessRefusedAsync(async () =>
    {
        var (address, said) = done(await AskAsync(request));
        Say(said);
        return LocalRedirect(address);
    });

    /// <summary>Does something, or shows the page again with why it is refused; what somebody may not do, or what there is not, is a page of its own.</summary>
    protected async Task<IActionResult> UnlessRefusedAsync(Func<Task<IActionResult>> act)
    {
        try
        {
            return await act();
        }
        catch (RefusalException refusal) when (refusal.ProblemCode is not (ProblemCode.Forbidden or ProblemCode.NotFound))
        {
            return await RefusedAsync(refusal);
        }
    }

    /// <summary>Shows the page again with what a refusal says, beside the fields that it names.</summary>
    protected Task<IActionResult> RefusedAsync(RefusalException refusal)
    {
        foreach (var fault in refusal.Faults)
        {
            Fault(FieldOf(fault.Member), fault.Message);
        }

        if (refusal.Faults.Count == 0)
        {
            Fault("", refusal.ProblemCode == ProblemCode.TooManyRequests ? new Message("writing.limited", refusal.Detail) : refusal.Detail);
        }

        Response.SayRetryAfter(refusal);
        return AgainAsync(refusal.ProblemCode.Status());
    }

    /// <summary>The field that fills a member of the API's body; blank for the form as a whole, where none does.</summary>
    protected virtual string FieldOf(string member) => member;

    /// <summary>Leads whoever is not signed in to where he does so, and back; null for whoever is.</summary>
    protected IActionResult? ToSignIn() => SignedIn is null ? LocalRedirect("/sign-in" + Places.Query(("to", Request.Path + Request.QueryString))) : null;

    /// <summary>Says something on the page that comes next.</summary>
    protected void Say(Message message) => TempData[Said] = message.In(Language.Current);

    /// <summary>Name under which the layout finds what is to be said once, and of the cookie that brings it: without it there is nothing to look for.</summary>
    public const string Said = "said";

    /// <summary>Which part of the address the page is about.</summary>
    protected string Route(string name) => RouteData.Values[name]?.ToString() ?? "";

    /// <summary>Reads the form that was sent.</summary>
    protected virtual async Task ReadFormAsync()
    {
        try
        {
            await Request.ReadFormAsync(HttpContext.RequestAborted);
        }
        catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException)
        {
            throw new RefusalException(ProblemCode.UnreadableRequest, new Message("writing.unreadable-form"), failure); // too many fields, or none of a form
        }
    }
}

/// <summary>A page with a form that somebody fills in. There the switch of language sends the form, so that nothing of it is lost.</summary>
public interface IKeepsForm
{
    /// <summary>The form; null where there is none.</summary>
    SentForm? SentForm { get; }
}

/// <summary>A form that the switch of language sends, to be shown again.</summary>
/// <param name="Id">Its id on the page.</param>
/// <param name="Switch">The field by which the switch sends it: that of a step, or of none.</param>
/// <param name="Shows">What stands in that field: what shows the page as it is, and changes nothing.</param>
/// <param name="Enter">The step that Enter in a field is, if it is one: a browser presses the first button of the form, which would be the switch above it.</param>
/// <param name="Reads">Where a form leads that is sent as an address, so that the language is one more of its fields; null for a form that is posted.</param>
/// <param name="HasFile">True for a form with a file, which is not sent for the sake of a language: of the file its name alone goes along.</param>
public sealed record SentForm(
    string Id, string Switch = WritingPage.AgainField, string Shows = "1", string? Enter = null, string? Reads = null, bool HasFile = false);

/// <summary>A field of a form that writes, with what is said about it.</summary>
/// <param name="Page">The page.</param>
/// <param name="Name">The member of the API's body that it fills.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Hint">What is wanted in it.</param>
public sealed record FormField(WritingPage Page, string Name, string Label, string? Hint = null)
{
    /// <summary>The kind of input.</summary>
    public string Type { get; init; } = "text";

    /// <summary>True when it may not stay empty.</summary>
    public bool Required { get; init; }

    /// <summary>What can be chosen; null for a field to type in.</summary>
    public IReadOnlyList<(string Value, string Text)>? Choices { get; init; }

    /// <summary>True when several can be chosen.</summary>
    public bool Several { get; init; }

    /// <summary>How far each choice is indented, of choices that form a tree; empty for others.</summary>
    public IReadOnlyList<int> Depths { get; init; } = [];

    /// <summary>The deepest step of a tree that is still indented.</summary>
    public const int Deepest = 3;

    /// <summary>What the field belongs to where several are called alike: Line 1.</summary>
    public string? Within { get; init; }

    /// <summary>Lines of a longer text; 0 for one line.</summary>
    public int Rows { get; init; }

    /// <summary>Most characters.</summary>
    public int Longest { get; init; } = 400;

    /// <summary>What the browser may fill in.</summary>
    public string AutoComplete { get; init; } = "off";

    /// <summary>Id of a list of suggestions on the page.</summary>
    public string? List { get; init; }

    /// <summary>What stands in it before anybody types.</summary>
    public IReadOnlyList<string> Offered { get; init; } = [];

    /// <summary>Its id on the page.</summary>
    public string Id => IdOf(Name);

    /// <summary>What stands in it.</summary>
    public string? Value => Page.Shown(Name, Offered.Count > 0 ? Offered[0] : null);

    /// <summary>What is chosen.</summary>
    public IReadOnlyList<string> Values => Page.IsSent ? Page.Texts(Name) : Offered;

    /// <summary>What is wrong with it.</summary>
    public Message? Fault => Page.Faults.GetValueOrDefault(Name);

    /// <summary>The id of a field on the page.</summary>
    public static string IdOf(string name) => string.Create(CultureInfo.InvariantCulture, $"f-{name.Replace('.', '-').Replace('[', '-').Replace("]", "", StringComparison.Ordinal)}");
}
