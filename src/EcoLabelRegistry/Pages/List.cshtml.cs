using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace EcoLabelRegistry.Pages;

/// <summary>A list is checked: with scripts it goes straight to <c>POST /v1/checks</c>, without them by way of this page; the answers are the same bytes.</summary>
[KeepsForm]
[RequestSizeLimit(MostBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = MostBytes, ValueCountLimit = MostFields)]
public sealed class ListModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock), IKeepsForm
{
    /// <summary>Most bytes of a list that is sent as a form, and of one that must be read whole before its columns are known. A table that scripts send has no limit.</summary>
    public const long MostBytes = 64L << 20;

    private const int MostFields = 4096; // two for each of a thousand columns
    private const int MostText = 400;

    // The columns that select a product, in the order in which the text names them.
    private static readonly string[] Selecting = ["gtin", "brand", "model", "scheme", "certificate"];

    private readonly IMediator _mediator = mediator;

    /// <summary>Everybody who can be asked.</summary>
    public IReadOnlyList<ListRecognisers.Row> Recognisers { get; private set; } = [];

    /// <summary>Who is asked; null while nobody is, or where the list says it.</summary>
    public ListRecognisers.Row? Recogniser { get; private set; }

    /// <summary>Who may have been meant.</summary>
    public IReadOnlyList<ListRecognisers.Row> Near { get; private set; } = [];

    /// <summary>The list that was sent and cannot be asked; null when none was.</summary>
    public PreviewList.Response? Refused { get; private set; }

    /// <summary>What a column may be taken for, with the words for it.</summary>
    public static IReadOnlyList<(string Name, string Key)> Meanings { get; } =
    [
        ("gtin", "list.column-gtin"), ("scheme", "list.column-scheme"), ("certificate", "list.column-certificate"), ("brand", "list.column-brand"),
        ("model", "list.column-model"), ("category", "list.column-category"), ("territory", "list.column-territory"), ("recognisedBy", "list.column-recogniser"),
        ("asOf", "list.column-date"), ("minLevel", "list.column-level"), ("id", "list.column-id"), ("quantity", "list.column-quantity"), ("spend", "list.column-spend"),
    ];

    /// <inheritdoc />
    public SentForm SentForm => new("list", HasFile: true);

    /// <inheritdoc />
    protected override StringValues Fields(string field) =>
        HttpMethods.IsPost(Request.Method) && Request.HasFormContentType ? Request.Form[field] : base.Fields(field);

    /// <inheritdoc />
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (RateLimits.RefusalOf(HttpContext) is { } refusal)
        {
            if (Request.Query.ContainsKey("handler"))
            {
                throw refusal; // a script says it
            }

            await ReadAsync();
            Fault("file", refusal.Detail);
            Response.SayRetryAfter(refusal);
            context.Result = Again(refusal.ProblemCode.Status());
            return;
        }

        await base.OnPageHandlerExecutionAsync(context, next);
    }

    public Task OnGetAsync() => ReadAsync();

    /// <summary>Without scripts: the answers as a file, or the form again with what is wrong.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        await ReadAsync();
        if (Text(WritingPage.AgainField) is not null)
        {
            return Page();
        }

        var query = await QueryAsync(needsRecogniser: true);
        if (Request.Form.Files["file"] is not { Length: > 0 } file)
        {
            Fault("file", new Message("list.no-file"));
            return Again();
        }

        Request.Body = file.OpenReadStream();
        var list = await AskAsync(new PreviewList.Request(HttpContext, IsPart: false));
        if (list.Fault is { } fault)
        {
            Fault("file", FileWords.Of(fault));
            Refused = InWords(list);
        }
        else if (list.IsTable && !CanBeAsked(list.Columns.Select(c => c.Meaning), list.Columns.Select(c => c.Name), query))
        {
            Refused = list;
        }

        return Faults.Count > 0 ? Again() : new AnsweredList(_mediator, file, list.ContentType!, Of(query, columns: null));
    }

    /// <summary>For scripts: what the start of a list is taken for, as a part of the page.</summary>
    public async Task<IActionResult> OnPostPreviewAsync() =>
        Partial("_ListPreview", InWords(await AskAsync(new PreviewList.Request(HttpContext, IsPart: Request.Query["part"] == "1"))));

    /// <summary>For scripts: the address at which the list is asked, or what is wrong with the fields.</summary>
    public async Task<IActionResult> OnPostBeginAsync()
    {
        var meanings = Fields("column").Select(c => c ?? "").ToList();
        var query = await QueryAsync(needsRecogniser: !meanings.Contains("recognisedBy", StringComparer.Ordinal));
        var columns = meanings.Count > 0 ? string.Join(',', meanings) : null;
        if (columns is not null)
        {
            CanBeAsked(meanings, Fields("name").Select(n => n ?? ""), query, isChosen: true);
        }

        var asked = Of(query, columns);
        return new JsonResult(new
        {
            Faults = Faults.Select(f => new { Field = f.Key, Message = f.Value.In(Language.Current) }),
            Near = Near.Select(n => (Language.Current.Of(n.Names) ?? n.Code) + NameRecogniser.Separator + n.Code),
            asked.RecognisedBy,
            Recogniser = Recogniser is { } found ? Language.Current.Of(found.Names) ?? found.Code : null,
            AsOf = asked.AsOf?.ToString(),
            asked.Scheme,
            asked.Category,
            asked.Territory,
            Address = "/v1/checks" + Places.Query(
                ("recognisedBy", asked.RecognisedBy), ("asOf", asked.AsOf?.ToString()), ("category", asked.Category), ("scheme", asked.Scheme), ("territory", asked.Territory), ("columns", columns)),
        });
    }

    private async Task ReadAsync()
    {
        await ReadFiltersAsync();
        Recognisers = await AskAsync(new ListRecognisers.Request());
        await ReadTitlesAsync();
    }

    /// <summary>Can a table with these columns be asked? What is wrong with them is said beside the file.</summary>
    // Where a person says what each column is (isChosen), he hears of choices and not of names.
    private bool CanBeAsked(IEnumerable<string?> meanings, IEnumerable<string> names, CheckMany.Defaults defaults, bool isChosen = false)
    {
        try
        {
            PreviewList.Demand(string.Join(',', meanings), [.. names], defaults with { RecognisedBy = defaults.RecognisedBy ?? "" });
            return true;
        }
        catch (RefusalException refusal)
        {
            var fault = refusal.Faults[0].Message;
            Fault("file", isChosen && fault.Key == "fault.no-selecting-column" ? new Message("list.choose-columns", [.. Selecting.Select(WordOf)]) : fault);
            return false;
        }
    }

    private static PreviewList.Response InWords(PreviewList.Response list) => list.Fault is { } fault ? list with { Fault = FileWords.Of(fault) } : list;

    // What a column is called where it is chosen.
    private static Message WordOf(string meaning) => new(Meanings.First(m => m.Name == meaning).Key);

    private PageResult Again(int status = StatusCodes.Status400BadRequest)
    {
        Response.StatusCode = status;
        return Page();
    }

    private async Task<CheckMany.Defaults> QueryAsync(bool needsRecogniser)
    {
        if (Text("recognisedBy") is { } text)
        {
            var named = await AskAsync(new NameRecogniser.Request(text.Length > MostText ? text[..MostText] : text));
            (Recogniser, Near) = (named.Found, named.Near);
            if (Recogniser is null)
            {
                Fault("recognisedBy", new Message("form.unknown-recogniser", text));
            }
        }
        else if (needsRecogniser)
        {
            Fault("recognisedBy", new Message("fault.required"));
        }

        var territory = Text("territory")?.ToUpperInvariant();
        if (territory is not null && !Countries.IsTerritory(territory))
        {
            Fault("territory", new Message("fault.territory", territory));
        }

        return new(Recogniser?.Code, Text("scheme"), Category, territory, Value<AsOf>("asOf") ?? new AsOf(Today));
    }

    private static CheckMany.Query Of(CheckMany.Defaults defaults, string? columns) =>
        new(defaults.RecognisedBy, defaults.Scheme, defaults.Category, defaults.Territory, defaults.AsOf, Columns: columns);

    /// <summary>The answers as a file: the list in the place of the form that brought it, asked as a program asks.</summary>
    private sealed class AnsweredList(IMediator mediator, IFormFile file, string contentType, CheckMany.Query query) : IActionResult
    {
        public async Task ExecuteResultAsync(ActionContext context)
        {
            var http = context.HttpContext;
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(Path.GetFileNameWithoutExtension(file.FileName) + "-checked.csv");
            http.Response.Headers.ContentDisposition = disposition.ToString();
            http.Request.Body = file.OpenReadStream();
            http.Request.ContentType = contentType;
            http.Request.Headers.Accept = "text/csv";
            try
            {
                await mediator.Send(new CheckMany.Sent(query, http), http.RequestAborted);
            }
            catch when (!http.Response.HasStarted)
            {
                http.Response.Headers.ContentDisposition = default; // what is wrong is a page, not a file
                http.Request.Headers.Accept = "text/html";
                throw;
            }
        }
    }
}
