using System.Collections.Concurrent;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>What became of one row: an answer, or why it cannot be asked, or which labels are accepted where it names only a category.</summary>
internal readonly record struct RowAnswer(Answered? Answered, RefusalException? Refusal, IReadOnlyList<AcceptedLabel>? Accepted)
{
    public static RowAnswer Of(Answered answered) => new(answered, null, null);

    public static RowAnswer Of(RefusalException refusal) => new(null, refusal, null);
}

/// <summary>Asks the rows of one list, all of one registry and on one day unless a row names another. Safe to use from several threads.</summary>
/// <remarks>
/// Of several selectors the best one present is used: certificate, product id, GTIN, brand and model. The rest cross-checks: it agrees where a single
/// check with it beside would find the product, else the answer carries the warning <c>selector-mismatch</c>. A row that cannot be asked gives its
/// refusal back instead of throwing it, and what many rows name alike is looked up once.
/// </remarks>
internal sealed class AskItem(RegistryAt registry, CheckMany.Defaults defaults, DateOnly today)
{
    private readonly Known<RecognitionQuestion> _questions = new(text => new(FindScheme.FindRecogniser(registry, "recognisedBy", text), defaults.AsOf?.Day ?? today)
    {
        Category = defaults.Category is { } category ? FindCategory.Find(registry, "category", category) : null,
        Territory = defaults.Territory,
        MinLevel = defaults.MinLevel,
    });

    private readonly Known<Recogniser> _recognisers = new(text => FindScheme.FindRecogniser(registry, "recognisedBy", text));
    private readonly Known<string> _categories = new(text => FindCategory.Find(registry, "category", text));
    private readonly Known<string> _schemes = new(text => FindScheme.Find(registry, "scheme", text));

    /// <summary>The registry that is asked.</summary>
    public RegistryAt Registry => registry;

    /// <summary>Refuses defaults that no row could be asked with.</summary>
    /// <exception cref="RefusalException">The recogniser, the category or the scheme does not exist.</exception>
    public void DemandDefaults()
    {
        if (defaults.RecognisedBy is { } recogniser && !_recognisers.TryFind(recogniser, out _, out var refusal))
        {
            throw refusal!;
        }

        if (defaults.Category is { } category && !_categories.TryFind(category, out _, out refusal))
        {
            throw refusal!;
        }

        if (defaults.Scheme is { } scheme && !_schemes.TryFind(scheme, out _, out refusal))
        {
            throw refusal!;
        }
    }

    /// <summary>What all rows rest on, when it is in memory; null when each batch reads it from the database.</summary>
    public Grounds? InMemory { get; init; }

    /// <summary>Asks one row.</summary>
    /// <param name="grounds">A view of the same registry, which no other thread uses.</param>
    /// <param name="item">The row.</param>
    /// <param name="orCategory">True when a row that selects nothing but a category is asked which labels are accepted for it.</param>
    public async ValueTask<RowAnswer> AskAsync(Grounds grounds, CheckMany.Item item, bool orCategory = false)
    {
        if ((Refuse(item) ?? (orCategory ? null : SelectsNothing(item))) is { } refusal)
        {
            return RowAnswer.Of(refusal);
        }

        if (!TryQuestion(item, out var question, out refusal))
        {
            return RowAnswer.Of(refusal!);
        }

        if (!TrySelect(item, out var selector, out refusal))
        {
            return orCategory && question!.Category is { } category ? new(null, null, Accepted(question.Recogniser, question.AsOf, category)) : RowAnswer.Of(refusal!);
        }

        try
        {
            var found = await FindSubject.FindAsync(grounds, selector!);
            if (HasMore(item, selector!) && await DisagreesAsync(grounds, item, selector!, found))
            {
                found = found with { Subject = found.Subject with { SelectorMismatch = true } };
            }

            return RowAnswer.Of(AnswerQuestion.Decide(registry, question!, found));
        }
        catch (RefusalException ambiguous)
        {
            return RowAnswer.Of(ambiguous);
        }
    }

    /// <summary>The one scheme that a text names; null when none or several do.</summary>
    public string? SchemeNamed(string? text) => text is not null && registry.SchemeNames.Find(text) is { Count: 1 } one ? one.First() : null;

    // What a single check refuses before it looks anything up.
    private RefusalException? Refuse(CheckMany.Item item)
    {
        List<Fault>? faults = null;
        Judge("recognisedBy", item.RecognisedBy);
        if ((item.RecognisedBy ?? defaults.RecognisedBy) is null)
        {
            (faults ??= []).Add(new("recognisedBy", new Message("fault.required")));
        }

        Judge("gtin", item.Gtin);
        Judge("brand", item.Brand);
        Judge("model", item.Model);
        Judge("product", item.Product);
        Judge("scheme", item.Scheme);
        Judge("certificate", item.Certificate);
        Judge("category", item.Category);
        Judge("id", item.Id);
        if (item.Gtin is { } gtin && item.Product is null && (item.Certificate is null || SchemeOf(item) is null) && !Gtin.TryParse(gtin, out _)
            && faults?.Exists(f => f.Member == "gtin") != true)
        {
            _ = TextValues.For(typeof(Gtin))!.Value.Reader(gtin, out _, out var fault);
            (faults ??= []).Add(new("gtin", fault!)); // as the best selector; beside a better one it is a mismatch
        }

        if (item.Territory is { } territory && !Countries.IsTerritory(territory))
        {
            (faults ??= []).Add(new("territory", new Message("fault.territory", territory)));
        }

        return faults is null ? null : Refusal.Invalid(faults);

        void Judge(string member, string? text)
        {
            if (text is not null && EntryRules.FaultOf(text, Limits.Line) is { } fault)
            {
                (faults ??= []).Add(new(member, fault));
            }
        }
    }

    private bool TryQuestion(CheckMany.Item item, out RecognitionQuestion? question, out RefusalException? refusal)
    {
        question = null;
        var recognisedBy = (item.RecognisedBy ?? defaults.RecognisedBy)!;
        if (item is { Category: null, Territory: null, AsOf: null, MinLevel: null })
        {
            return _questions.TryFind(recognisedBy, out question, out refusal);
        }

        string? category = null;
        if (!_recognisers.TryFind(recognisedBy, out var recogniser, out refusal)
            || ((item.Category ?? defaults.Category) is { } named && !_categories.TryFind(named, out category, out refusal)))
        {
            return false;
        }

        question = new(recogniser, (item.AsOf ?? defaults.AsOf)?.Day ?? today)
        {
            Category = category,
            Territory = item.Territory ?? defaults.Territory,
            MinLevel = item.MinLevel ?? defaults.MinLevel,
        };
        return true;
    }

    private bool TrySelect(CheckMany.Item item, out Selector? selector, out RefusalException? refusal)
    {
        (selector, refusal) = (null, null);
        var scheme = SchemeOf(item);
        if (scheme is not null && item.Certificate is not null)
        {
            selector = new(null, null, null, null, scheme, item.Certificate);
            return _schemes.TryFind(scheme, out _, out refusal);
        }

        if (item.Product is not null)
        {
            selector = new(null, null, null, item.Product, null, null);
        }
        else if (Gtin.TryParse(item.Gtin, out var gtin))
        {
            selector = new(gtin, null, null, null, null, null);
        }
        else if (item.Brand is not null && item.Model is not null)
        {
            selector = new(null, item.Brand, item.Model, null, null, null);
        }
        else
        {
            refusal = SelectsNothing(item);
        }

        return refusal is null;
    }

    private RefusalException? SelectsNothing(CheckMany.Item item) =>
        (item.Certificate is not null && SchemeOf(item) is not null) || item.Product is not null || item.Gtin is not null || (item.Brand is not null && item.Model is not null) ? null
        : new(ProblemCode.InvalidSelector, new Message(
            item.Certificate is not null ? "fault.scheme-and-certificate"
            : item.Brand is not null || item.Model is not null ? "fault.brand-and-model"
            : "fault.no-selector"));

    private string? SchemeOf(CheckMany.Item item) => item.Scheme ?? (item.Certificate is null ? null : defaults.Scheme);

    private static bool HasMore(CheckMany.Item item, Selector used) =>
        (used.Certificate is null && (item.Scheme is not null || item.Certificate is not null))
        || (used.Product is null && item.Product is not null)
        || (used.Gtin is null && item.Gtin is not null)
        || (used.Brand is null && (item.Brand is not null || item.Model is not null));

    /// <summary>Whether what stands beside the selector used names something else. What is beside one that is not on record disagrees if it is on record itself.</summary>
    private async ValueTask<bool> DisagreesAsync(Grounds grounds, CheckMany.Item item, Selector used, Found found)
    {
        if (!found.Subject.OnRecord)
        {
            return await IsOnRecordAsync(grounds, item, used);
        }

        var lines = LinesAsked(used, found);
        if (used.Gtin is null && item.Gtin is { } text)
        {
            if (!Gtin.TryParse(text, out var gtin)
                || (used.Certificate is null
                    ? !lines.Exists(l => FindSubject.Lists(l, gtin))
                    : (await FindSubject.FindAsync(grounds, used with { Gtin = gtin })).Subject.Candidates.All(c => c.Lines.Count == 0)))
            {
                return true;
            }
        }

        if (used.Product is null && item.Product is { } product && !found.Certificates.Any(c => c.LinesOf(product).Count > 0))
        {
            return true;
        }

        if (used.Brand is null && (item.Brand is not null || item.Model is not null))
        {
            if (!await AreNamedAsync(grounds, item.Brand, item.Model, found, lines))
            {
                return true;
            }
        }

        return used.Certificate is null
            && ((item.Certificate is { } number && Key(number) is var key && !found.Certificates.Any(c => Numbers(c.Entry).Any(n => Is(n, key))))
                || (item.Scheme is { } label && registry.SchemeNames.Find(label) is var schemes && !found.Certificates.Any(c => schemes.Contains(c.Entry.Scheme!, StringComparer.Ordinal))));
    }

    /// <summary>Whether one of the lines is called so. With brand and model a product is meant, as beside a certificate in a single check.</summary>
    private static async ValueTask<bool> AreNamedAsync(Grounds grounds, string? brand, string? model, Found found, List<ProductLineEntry> lines)
    {
        if (brand is null || model is null)
        {
            var (brandKey, modelKey) = (Key(brand), Key(model));
            return lines.Exists(l => Is(l.Brand, brandKey) && Is(l.Model, modelKey));
        }

        var meant = await FindSubject.NamedOnAsync(grounds.Certificates, brand, model, found.Certificates);
        return lines.Exists(l => meant.Any(product => l.Product == product.Id));
    }

    private static async ValueTask<bool> IsOnRecordAsync(Grounds grounds, CheckMany.Item item, Selector used)
    {
        try
        {
            return (used.Product is null && item.Product is { } product && await IsOnRecordAsync(grounds, new(null, null, null, product, null, null)))
                || (used.Gtin is null && Gtin.TryParse(item.Gtin, out var gtin) && await IsOnRecordAsync(grounds, new(gtin, null, null, null, null, null)))
                || (used.Brand is null && item.Brand is { } brand && item.Model is { } model && await IsOnRecordAsync(grounds, new(null, brand, model, null, null, null)));
        }
        catch (RefusalException)
        {
            return true; // several products fit: on record, and not the same
        }
    }

    private static async ValueTask<bool> IsOnRecordAsync(Grounds grounds, Selector selector) => (await FindSubject.FindAsync(grounds, selector)).Subject.OnRecord;

    private static List<ProductLineEntry> LinesAsked(Selector used, Found found) =>
    [
        .. used.Certificate is null && found.ProductId is { } product
            ? found.Certificates.SelectMany(c => c.LinesOf(product))
            : found.Certificates.SelectMany(c => c.Entry.Products ?? []).Where(l => used.Gtin is not { } gtin || FindSubject.Lists(l, gtin)),
    ];

    private static IEnumerable<string?> Numbers(CertificateEntry certificate) => (certificate.OtherNumbers ?? []).Prepend(certificate.Number);

    private static string? Key(string? text) => text is null ? null : ProductIdentity.FindKey(text);

    private static bool Is(string? text, string? key) => key is null || (text is not null && ProductIdentity.FindKey(text) == key);

    private List<AcceptedLabel> Accepted(Recogniser recogniser, DateOnly day, string category)
    {
        var schemes = recogniser.Kind switch
        {
            RecogniserKind.Scheme => [recogniser.Code],
            RecogniserKind.Body => registry.Graph.SchemesOf(recogniser.Code),
            RecogniserKind.Policy => [],
        };
        return [.. AcceptedLabels.On(registry.Graph, day, category)
            .Where(a => a.Outcome is not null && (recogniser.Kind == RecogniserKind.Policy
                ? a.Grant.Policy?.Code == recogniser.Code
                : a.Grant.Agreement is not null && schemes.Contains(a.Grant.Grant.Recogniser, StringComparer.Ordinal)))
            .OrderBy(a => a.Recognised, StringComparer.Ordinal)
            .ThenBy(a => a.Outcome)
            .ThenBy(a => a.Level)
            .ThenBy(a => a.Grant.Agreement?.Code ?? a.Grant.Policy?.Code, StringComparer.Ordinal)
            .ThenBy(a => a.Grant.Grant.Id, StringComparer.Ordinal)];
    }

    /// <summary>What texts name, each looked up once; past the bound they are looked up each time.</summary>
    private sealed class Known<T>(Func<string, T> find)
    {
        private const int Most = 4096;

        private readonly ConcurrentDictionary<string, (T Value, RefusalException? Refusal)> _known = new(StringComparer.Ordinal);

        public bool TryFind(string text, out T? value, out RefusalException? refusal)
        {
            if (!_known.TryGetValue(text, out var found))
            {
                found = Find(text);
                if (_known.Count < Most)
                {
                    _known.TryAdd(text, found);
                }
            }

            (value, refusal) = found;
            return refusal is null;
        }

        private (T, RefusalException?) Find(string text)
        {
            try
            {
                return (find(text), null);
            }
            catch (RefusalException refusal)
            {
                return (default!, refusal);
            }
        }
    }
}
