using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Objections;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Snapshot;
using EcoLabelRegistry.Standards;
using MediatR;

namespace EcoLabelRegistry.Pages;

/// <summary>A page that reads the registry on a date, with the filters that several pages have.</summary>
public abstract class ReadingPage(IMediator mediator, TimeProvider clock) : RegistryPage(mediator)
{
    /// <summary>The date that the page shows.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>Today, UTC.</summary>
    protected DateOnly Today => AsOf.Today(clock);

    /// <summary>The moment whose knowledge is shown; null is now.</summary>
    public KnownAt? Moment { get; private set; }

    /// <summary>The category asked for, by any of its codes.</summary>
    public string? Category => Text("category");

    /// <summary>Categories to choose from, each under its parent.</summary>
    public IReadOnlyList<(GetCategory.Response Category, int Depth)> Categories { get; private set; } = [];

    /// <summary>Names of schemes by code.</summary>
    public IReadOnlyDictionary<string, GetScheme.Response> Schemes { get; private set; } = new Dictionary<string, GetScheme.Response>(StringComparer.Ordinal);

    /// <summary>Numbers of standards by id, on a page that shows some.</summary>
    public IReadOnlyDictionary<string, string> Numbers { get; protected set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Titles of agreements by code, on a page that shows some.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>?> Titles { get; private set; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>?>(StringComparer.Ordinal);

    /// <summary>The date as the requests take it.</summary>
    protected AsOf Asked => new(Day);

    /// <summary>Reads date and moment, and what the filters choose from. A date that cannot be read is today, and the fault stands beside it.</summary>
    protected async Task ReadFiltersAsync()
    {
        Day = Value<AsOf>("asOf")?.Day ?? Today;
        Moment = Value<KnownAt>("knownAt");
        Response.StatusCode = Faults.Count > 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        var categories = (await AskAsync(new ListCategories.Request(Whole(), KnownAt: Moment))).Items;
        Categories = [.. Tree(categories.ToLookup(c => c.Parent ?? "", StringComparer.Ordinal), "", 0)];
        Schemes = (await AskAsync(new ListSchemes.Request(Whole(), KnownAt: Moment))).Items.ToDictionary(s => s.Code!, StringComparer.Ordinal);
    }

    /// <summary>Reads how standards are called.</summary>
    protected async Task ReadStandardsAsync() =>
        Numbers = (await AskAsync(new ListStandards.Request(Whole(), KnownAt: Moment))).Items.ToDictionary(s => s.Id!, s => s.Number!, StringComparer.Ordinal);

    /// <summary>Reads how agreements are called.</summary>
    protected async Task ReadTitlesAsync() =>
        Titles = (await AskAsync(new ListAgreements.Request(Whole(), AsOf: Asked, KnownAt: Moment))).Items.ToDictionary(a => a.Code, a => a.Title, StringComparer.Ordinal);

    /// <summary>The first objections to a record whose own answer carries none.</summary>
    protected async Task<ObjectionsView> ObjectionsToAsync(string room, string code)
    {
        var about = $"/v1/{room}/{code}";
        var first = await AskAsync(new ListObjections.Request(new(Stretch(ObjectionsBeside.Most), about, KnownAt: Moment), Actor.Anyone));
        return new(about, [.. first.Items.Select(ObjectionsView.Beside)], first.Next is not null);
    }

    /// <summary>The name of a scheme.</summary>
    public string Scheme(string code, Words words) => words.Name(Schemes.GetValueOrDefault(code)?.Names, code);

    /// <summary>Several schemes by their names.</summary>
    public string Names(IEnumerable<string> schemes, Words words) => string.Join(words.Comma, schemes.Select(s => Scheme(s, words)));

    /// <summary>The name of a category.</summary>
    public string CategoryName(string code, Words words) =>
        words.Name(Categories.Select(c => c.Category).FirstOrDefault(c => c.Code == code)?.Names, code);

    /// <summary>The number of a standard.</summary>
    public string NumberOf(string id) => Numbers.GetValueOrDefault(id, id);

    private static IEnumerable<(GetCategory.Response Category, int Depth)> Tree(ILookup<string, GetCategory.Response> children, string parent, int depth) =>
        children[parent].SelectMany(c => Tree(children, c.Code!, depth + 1).Prepend((c, depth)));
}
