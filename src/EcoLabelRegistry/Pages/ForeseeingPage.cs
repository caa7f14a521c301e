using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Policies;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Standards;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>A page that does something to an agreement, in two steps: first it says what that would change for checks, then it is confirmed.</summary>
/// <remarks>The first step stores nothing. What was typed goes along in the form, and so does the revision that was looked at: who confirms, confirms that.</remarks>
public abstract class ForeseeingPage(IMediator mediator, TimeProvider clock, Sessions sessions, ForeseeAct foresee) : WritingPage(mediator, clock, sessions)
{
    /// <summary>The button that confirms.</summary>
    public const string Confirm = "confirm";

    /// <summary>The button that leads back to the fields.</summary>
    public const string Edit = "edit";

    /// <summary>The button that tells what would be confirmed.</summary>
    public const string Look = "look";

    /// <summary>The field of the agreement's revision that was looked at.</summary>
    public const string SeenField = "seen";

    /// <summary>What it would change; null until that was asked.</summary>
    public Foreseen? Foreseen { get; private set; }

    /// <summary>The agreement; null while it is a draft.</summary>
    public GetAgreement.Response? Agreement { get; private set; }

    /// <summary>What whoever is signed in may do to it today.</summary>
    public IReadOnlyList<ListActs.Row> Acts { get; private set; } = [];

    /// <summary>Standards on record.</summary>
    public IReadOnlyList<GetStandard.Response> AllStandards { get; private set; } = [];

    /// <summary>Names of policies by code.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>?> Policies { get; private set; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>?>(StringComparer.Ordinal);

    /// <summary>Code of the agreement; blank while it has none.</summary>
    public string AgreementCode => Route("code") is { Length: > 0 } code ? code : Text("code") ?? "";

    /// <summary>What is said of what was done.</summary>
    protected static Words Words { get; } = new();

    /// <summary>That the agreement is still as it was looked at.</summary>
    protected Changes.Precondition? Unchanged => long.TryParse(Text(SeenField), System.Globalization.CultureInfo.InvariantCulture, out var seen) ? new([seen]) : null;

    /// <inheritdoc />
    protected override SentForm Sends => Text(StepField) is Look or Confirm
        ? new(FormId, StepField, Look, Look) // looking changes nothing, and says again what is wrong
        : new(FormId, Enter: Look);

    /// <summary>Confirms, or tells what would be confirmed.</summary>
    protected async Task<IActionResult> StepAsync<T>(Func<Caller, IRequest<T>> request, Func<T, (string Address, Message Said)> done)
    {
        if (Text(StepField) == Confirm)
        {
            await ReadFiltersAsync(); // what was done is said by names
            return await WriteAsync(request, done);
        }

        if (await CallerAsync() is not { } caller)
        {
            return await AgainAsync(StatusCodes.Status401Unauthorized);
        }

        if (Faults.Count > 0 || Text(StepField) == Edit)
        {
            return await AgainAsync(Faults.Count > 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK);
        }

        return await UnlessRefusedAsync(async () =>
        {
            Foreseen = await foresee.OfAsync(request(caller), AgreementCode, HttpContext.RequestAborted);
            return await AgainAsync(StatusCodes.Status200OK);
        });
    }

    /// <summary>Tells what would be confirmed, where nothing has to be typed.</summary>
    protected async Task LookAheadAsync<T>(IRequest<T> request)
    {
        Foreseen = await foresee.OfAsync(request, AgreementCode, HttpContext.RequestAborted);
        await ShowAsync();
    }

    protected override async Task ShowAsync()
    {
        await ReadFiltersAsync();
        AllStandards = (await AskAsync(new ListStandards.Request(Whole()))).Items;
        Numbers = AllStandards.ToDictionary(s => s.Id!, s => s.Number!, StringComparer.Ordinal);
        if (Foreseen is { Certificates: var judged } && judged.Any(c => c.Recogniser.Kind == RecogniserKind.Policy))
        {
            Policies = (await AskAsync(new ListPolicies.Request(Whole()))).Items.ToDictionary(p => p.Code!, p => (IReadOnlyDictionary<string, string>?)p.Names, StringComparer.Ordinal);
        }

        if (Route("code") is { Length: > 0 } code)
        {
            Agreement = (await AskAsync(new GetAgreement.Request(code))).Value;
            Acts = SignedIn is { } who ? await AskAsync(new ListActs.Request(code, who.Caller.Actor)) : [];
        }
    }

    protected override string FieldOf(string member) => member is "type" or "textHash" or "$" ? "" : member;

    /// <summary>The page for a first look: for whoever is signed in and may do something to the agreement.</summary>
    /// <exception cref="RefusalException">He has no part in it.</exception>
    protected async Task<IActionResult> FirstLookAsync()
    {
        if (ToSignIn() is { } elsewhere)
        {
            return elsewhere;
        }

        await ShowAsync();
        return Acts.Count > 0 || Agreement is null ? Page() : throw Refusal.Forbidden(Changes.Subjects.Of(Snapshot.RecordKind.Agreement, AgreementCode));
    }
}
