using System.Globalization;
using System.Text;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>The answer to the main question. What a person typed becomes a question of the API; its answer stands at an address with date and revision.</summary>
public sealed class CheckModel(IMediator mediator, TimeProvider clock) : RegistryPage(mediator), IKeepsForm
{
    private const int LongestText = 400;
    private const int Offered = 20;
    private const int MostWordsOfScheme = 4;

    /// <summary>The form, filled in as it was sent.</summary>
    public CheckForm Form { get; private set; } = null!;

    /// <summary>The question; null while it is not whole.</summary>
    public CheckProduct.Request? Question { get; private set; }

    /// <summary>The answer and what it rests on; null while the question is not whole.</summary>
    public GatherEvidence.Response? Evidence { get; private set; }

    /// <summary>What the text may mean, when it is not one thing exactly.</summary>
    public IReadOnlyList<Choice> Choices { get; private set; } = [];

    /// <summary>GTINs on record that differ by one slip.</summary>
    public IReadOnlyList<CorrectGtin.Correction> Corrections { get; private set; } = [];

    /// <summary>The text with letters taken for the digits that they look like; null when it has none.</summary>
    public MistypedGtin? Mistyped { get; private set; }

    /// <summary>True when more fit than are offered.</summary>
    public bool TooMany { get; private set; }

    /// <summary>True when nothing on record resembles the text.</summary>
    public bool FoundNothing { get; private set; }

    /// <summary>True when the answer was asked for an earlier day or revision than the newest.</summary>
    public bool IsEarlier { get; private set; }

    /// <inheritdoc />
    /// <remarks>None beside an answer, whose address stays; nor of an address whose moment the form has no field for.</remarks>
    public SentForm? SentForm => Evidence is null && Text("knownAt") is null ? new(CheckForm.Id, Reads: "/check") : null;

    /// <summary>Something on record that the text may mean.</summary>
    /// <param name="Question">What a click asks.</param>
    /// <param name="Title">Brand and model, or label and number.</param>
    /// <param name="Beside">What tells it from others.</param>
    /// <param name="Sample">True for what is invented.</param>
    public sealed record Choice(CheckProduct.Request Question, string Title, string? Beside, bool Sample = false);

    public async Task<IActionResult> OnGetAsync()
    {
        var asOf = Value<AsOf>("asOf");
        var knownAt = Value<KnownAt>("knownAt");
        var recognisers = await AskAsync(new ListRecognisers.Request(knownAt));
        Form = new(Text("what") ?? Said(), Text("recognisedBy"), Text("asOf") ?? new AsOf(AsOf.Today(clock)).ToString(), recognisers)
        {
            Category = Text("category"),
            Territory = Text("territory"),
        };
        try
        {
            await ReadAsync(asOf, knownAt);
            if (Question is not null && Faults.Count == 0)
            {
                return await AnswerAsync(Question);
            }
        }
        catch (RefusalException refusal) when (refusal.ProblemCode.Status() is >= 400 and < 500 && refusal.ProblemCode != ProblemCode.RevisionNotReached)
        {
            await RefuseAsync(refusal);
        }

        Form = Form with { Faults = Faults };
        Response.StatusCode = Faults.Count > 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        return Page();
    }

    // An answer is shown at its stable address only; whoever keeps the address keeps the answer.
    private async Task<IActionResult> AnswerAsync(CheckProduct.Request question)
    {
        if (question.AsOf is null || question.KnownAt?.Revision is null || Text("what") is not null || Text("recognisedBy") != question.RecognisedBy)
        {
            var answer = await AskAsync(question);
            return Redirect("/check" + Places.Query(question with { AsOf = new AsOf(answer.AsOf), KnownAt = new KnownAt(answer.Revision, null) }));
        }

        Evidence = await AskAsync(new GatherEvidence.Request(question));
        IsEarlier = question.AsOf.Value.Day != AsOf.Today(clock)
            || Response.Headers[Revisions.Header] != question.KnownAt.Value.Revision.Value.ToString(CultureInfo.InvariantCulture);
        return Page();
    }

    private async Task ReadAsync(AsOf? asOf, KnownAt? knownAt)
    {
        var recogniser = await ReadRecogniserAsync(knownAt);
        var bare = new CheckProduct.Request(recogniser ?? "", Category: Text("category"), Territory: Text("territory"), AsOf: asOf, KnownAt: knownAt, MinLevel: Value<Level>("minLevel"));
        if (Text("what") is { } what)
        {
            if (what.Length > LongestText)
            {
                Fault("what", new Message("fault.too-long", LongestText));
            }
            else
            {
                Question = await UnderstandAsync(bare, what);
            }
        }
        else if (Said() is null)
        {
            Fault("what", new Message("fault.required"));
        }
        else
        {
            Question = bare with
            {
                Gtin = Text("gtin") is { } digits ? await ReadGtinAsync(digits, knownAt) : null,
                Brand = Text("brand"),
                Model = Text("model"),
                Product = Text("product"),
                Scheme = Text("scheme"),
                Certificate = Text("certificate"),
            };
        }
    }

    private async Task<string?> ReadRecogniserAsync(KnownAt? knownAt)
    {
        if (Text("recognisedBy") is not { } text)
        {
            Fault("recognisedBy", new Message("fault.required"));
            return null;
        }

        var named = await AskAsync(new NameRecogniser.Request(text.Length > LongestText ? text[..LongestText] : text, knownAt));
        if (named.Found is { } found)
        {
            Form = Form with { RecognisedBy = (Language.Current.Of(found.Names) ?? found.Code) + NameRecogniser.Separator + found.Code };
            return found.Code;
        }

        Form = Form with { Near = named.Near };
        Fault("recognisedBy", new Message("form.unknown-recogniser", text));
        return null;
    }

    /// <summary>What a text in the one box means: one thing exactly, or what can be chosen from.</summary>
    private async Task<CheckProduct.Request?> UnderstandAsync(CheckProduct.Request bare, string what)
    {
        var digits = what.Normalize(NormalizationForm.FormKC);
        if (what.Contains("://", StringComparison.Ordinal))
        {
            return await ReadGtinAsync(what, bare.KnownAt) is { } linked ? bare with { Gtin = linked } : null;
        }

        var exact = await CertificatesAsync(bare, what);
        if (digits.All(c => char.IsAsciiDigit(c) || char.IsWhiteSpace(c) || c == '-') && digits.Count(char.IsAsciiDigit) >= 7)
        {
            if (Gtin.TryParse(what, out var gtin))
            {
                exact.Insert(0, new(bare with { Gtin = gtin }, "GTIN " + gtin.Digits, null));
            }
            else if (exact.Count == 0)
            {
                await ReadGtinAsync(what, bare.KnownAt);
                return null;
            }
        }
        else if (exact.Count == 0 && MistypedGtin.Of(what) is { } mistyped)
        {
            // A word in front changes nothing. A letter is a slip: what it was meant to be is said and offered, and asked by whoever sees that it is so.
            if (await ReadGtinAsync(mistyped.Digits, bare.KnownAt) is { } read && mistyped.Letters.Count == 0)
            {
                return bare with { Gtin = read };
            }

            Mistyped = mistyped.Letters.Count > 0 ? mistyped : null;
            return null;
        }

        var page = await AskAsync(new ListProducts.Request(Stretch(Offered), Q: what, AsOf: bare.AsOf, KnownAt: bare.KnownAt));
        var products = page.Items;
        var key = ProductIdentity.FindKey(what);
        exact.AddRange(products.Where(p => ProductIdentity.FindKey(p.Brand + p.Model) == key).Select(p => OfProduct(bare, p)));
        if (exact is [var only])
        {
            return only.Question;
        }

        Choices = exact.Count > 0 ? exact : [.. products.Select(p => OfProduct(bare, p))];
        TooMany = exact.Count == 0 && page.Next is not null;
        FoundNothing = Choices.Count == 0;
        return null;
    }

    /// <summary>Certificates of this number, of any label or of one that is named before it.</summary>
    private async Task<List<Choice>> CertificatesAsync(CheckProduct.Request bare, string what)
    {
        var found = (await AskAsync(new ListCertificates.Request(Stretch(Offered), Number: what, AsOf: bare.AsOf, KnownAt: bare.KnownAt))).Items.ToList();
        var words = what.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 1; i < words.Length && i <= MostWordsOfScheme && found.Count == 0; i++)
        {
            if ((await AskAsync(new NameRecogniser.Request(string.Join(' ', words[..i]), bare.KnownAt))).Found is { Kind: RecogniserKind.Scheme } scheme)
            {
                var number = string.Join(' ', words[i..]);
                found.AddRange((await AskAsync(new ListCertificates.Request(Stretch(Offered), scheme.Code, number, AsOf: bare.AsOf, KnownAt: bare.KnownAt))).Items);
                if (found.Count == 0)
                {
                    // Named with its label, a number that is not on record is a question too: it may be a forgery.
                    return [new(bare with { Scheme = scheme.Code, Certificate = number }, $"{scheme.Code} {number}", null)];
                }
            }
        }

        return [.. found.Where(c => c.Number is not null).Select(c => new Choice(bare with { Scheme = c.Scheme, Certificate = c.Number }, $"{c.Scheme} {c.Number}", c.Holder, c.Sample == true))];
    }

    private static Choice OfProduct(CheckProduct.Request bare, ProductOnDate product) => new(
        bare with { Brand = product.Brand, Model = product.Model },
        $"{product.Brand} {product.Model}",
        Language.Current.Of(product.Names) ?? product.Certificates.Select(c => c.Holder).FirstOrDefault(),
        product.Certificates.All(c => c.Sample == true));

    private async Task<Gtin?> ReadGtinAsync(string text, KnownAt? knownAt)
    {
        if (TextValues.For(typeof(Gtin))!.Value.Reader(text, out var gtin, out var fault))
        {
            return (Gtin)gtin;
        }

        Fault("what", fault);
        Corrections = await AskAsync(new CorrectGtin.Request(text, knownAt));
        return null;
    }

    private async Task RefuseAsync(RefusalException refusal)
    {
        var choices = new List<Choice>();
        foreach (var candidate in refusal.Candidates.OfType<Product>())
        {
            var product = (await AskAsync(new GetProduct.Request(candidate.Id, Question!.AsOf, Question.KnownAt))).Value;
            choices.Add(OfProduct(Question, product) with { Question = Question with { Brand = null, Model = null, Product = candidate.Id } });
        }

        if (choices.Count > 0)
        {
            Choices = choices;
        }

        Question = null;
        foreach (var fault in refusal.Faults)
        {
            Fault(fault.Member is "category" or "territory" or "asOf" or "recognisedBy" ? fault.Member : "what", fault.Message);
        }

        if (refusal.Faults.Count == 0)
        {
            Fault("what", refusal.Detail);
        }
    }

    /// <summary>The selector of the address in words.</summary>
    private string? Said() => string.Join(' ', new[] { Text("gtin"), Text("brand"), Text("model"), Text("product"), Text("scheme"), Text("certificate") }.OfType<string>()) is { Length: > 0 } said ? said : null;
}
