using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Pages;

/// <summary>Where a person finds what a code names.</summary>
public static class Places
{
    private static readonly (string Program, string Person)[] Pairs =
    [
        ("/v1/schemes/", "/labels/"), ("/v1/agreements/", "/agreements/"), ("/v1/policies/", "/policies/"), ("/v1/standards/", "/standards/"),
        ("/v1/certificates/", "/certificates/"), ("/v1/products/", "/products/"), ("/v1/label-bodies/", "/label-bodies/"),
        ("/v1/objections/", "/objections/"),
    ];

    public static string Label(string code) => "/labels/" + Uri.EscapeDataString(code);

    public static string Agreement(string code) => "/agreements/" + Uri.EscapeDataString(code);

    /// <summary>Where something is done to an agreement.</summary>
    public static string Act(string agreement, AgreementAct act, string? textHash = null) => $"{Agreement(agreement)}/{Code.Of(act)}{Query(("text", textHash))}";

    public static string LabelBody(string code) => "/label-bodies/" + Uri.EscapeDataString(code);

    public static string Policy(string code) => "/policies/" + Uri.EscapeDataString(code);

    public static string Standard(string id) => "/standards/" + Uri.EscapeDataString(id);

    public static string Certificate(string id) => "/certificates/" + Uri.EscapeDataString(id);

    /// <summary>Every certificate of a label that is held.</summary>
    public static string CertificatesOf(string scheme) => "/certificates" + Query(("scheme", scheme));

    public static string Product(string id) => "/products/" + Uri.EscapeDataString(id);

    public static string Objection(string id) => "/objections/" + Uri.EscapeDataString(id);

    /// <summary>Where somebody objects to the record at an address of the contract.</summary>
    public static string ObjectTo(string about) => "/objections/new" + Query(("about", about));

    public static string Register(string scheme) => "/my-register/" + Uri.EscapeDataString(scheme);

    public static string Import(string scheme, string id) => $"{Register(scheme)}/imports/{Uri.EscapeDataString(id)}";

    /// <summary>The page of whoever was asked.</summary>
    public static string Recogniser(RecogniserKind kind, string code) => kind switch
    {
        RecogniserKind.Scheme => Label(code),
        RecogniserKind.Policy => Policy(code),
        RecogniserKind.Body => LabelBody(code),
    };

    /// <summary>The page for an address of the contract; null when people have none.</summary>
    public static string? OfProgram(string? address) =>
        Pairs.FirstOrDefault(p => address?.StartsWith(p.Program, StringComparison.Ordinal) == true) is { Program: { } program } pair
            ? pair.Person + address![program.Length..].Split('/')[0] // a key of a body, or a row below a record, is told by the record
            : null;

    /// <summary>The address of the contract for what a person copied: that of a page, with or without the site, or of the contract itself. Any other text stays as it is.</summary>
    public static string? ToProgram(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var path = Web(text) is null ? text.Split('?', '#')[0] : new Uri(text).AbsolutePath;
        return Pairs.FirstOrDefault(p => path.StartsWith(p.Person, StringComparison.Ordinal)) is { Person: { } person } pair
            ? pair.Program + Uri.UnescapeDataString(path[person.Length..].Split('/')[0]) // a page below a record's is told by the record
            : path.StartsWith("/v1/", StringComparison.Ordinal) ? path : text;
    }

    /// <summary>A source's address where it is one of the web; any other text is shown and not linked.</summary>
    public static string? Web(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? address : null;

    /// <summary>Asks what a person typed.</summary>
    public static string Ask(string? what, string? recognisedBy, string? asOf) =>
        "/check" + Query(("what", what), ("recognisedBy", recognisedBy), ("asOf", asOf));

    /// <summary>A question as the query of an address: the same for the page, the JSON behind it and the evidence.</summary>
    public static string Query(CheckProduct.Request question)
    {
        (string Name, string? Value)[] fields =
        [
            ("recognisedBy", question.RecognisedBy),
            ("gtin", question.Gtin?.Digits),
            ("brand", question.Brand),
            ("model", question.Model),
            ("product", question.Product),
            ("scheme", question.Scheme),
            ("certificate", question.Certificate),
            ("category", question.Category),
            ("territory", question.Territory),
            ("minLevel", question.MinLevel is { } level ? Code.Of(level) : null),
            ("asOf", question.AsOf?.ToString()),
            ("knownAt", question.KnownAt is { } moment ? TextValues.Text(moment) : null),
        ];
        return Query(fields);
    }

    /// <summary>Fields as the query of an address; one that is null is left out.</summary>
    public static string Query(params ReadOnlySpan<(string Name, string? Value)> fields) =>
        QueryString.Create(fields.ToArray().Where(f => f.Value is not null).Select(f => KeyValuePair.Create(f.Name, f.Value))).ToString();
}
