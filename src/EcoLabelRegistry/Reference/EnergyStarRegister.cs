using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Reference;

/// <summary>Reads a product list of ENERGY STAR as the US EPA published it, with what real lists have in them.</summary>
/// <param name="File">The embedded file.</param>
/// <param name="Title">What the list calls itself.</param>
/// <param name="CategoryOf">Category of a row by its type; the list's one category where it has no types.</param>
public sealed partial record EnergyStarRegister(string File, string Title, Func<string?, string?> CategoryOf)
{
    private const string Scheme = "energy-star";

    /// <summary>The lists that the reference registry holds.</summary>
    public static readonly IReadOnlyList<EnergyStarRegister> All =
    [
        new("energy-star/computers-v8.csv", "ENERGY STAR certified computers, version 8", type => type switch
        {
            "Notebook" => "it.computer.notebook",
            "Desktop" => "it.computer.desktop",
            "Integrated Desktop" => "it.computer.integrated-desktop",
            "Slate/Tablet" => "it.computer.tablet",
            "Two-In-One Notebook" => "it.computer.two-in-one",
            "Thin Client" => "it.computer.thin-client",
            "Workstation" => "it.computer.workstation",
            "Mobile Workstation" => "it.computer.mobile-workstation",
            _ => "it.computer",
        }),
        new("energy-star/clothes-washers.csv", "ENERGY STAR certified clothes washers", _ => "appliance.clothes-washer"),
    ];

    private static readonly Dictionary<string, string> Countries = new(StringComparer.Ordinal)
    {
        ["United States"] = "US",
        ["Canada"] = "CA",
        ["Switzerland"] = "CH",
        ["Taiwan"] = "TW",
        ["Japan"] = "JP",
    };

    /// <summary>The list as a source.</summary>
    public Source Source => new(
        Title, "https://data.energystar.gov", PartialDate.Parse("2020-05"), PartialDate.Parse("2026-11-22"), Confidence.Verified);

    /// <summary>Reads every row. A row that cannot be a certificate is reported and left out; a code that cannot be a GTIN is reported, and its row stays.</summary>
    public Report Read(Stream csv)
    {
        using var table = CsvReader.Create(csv, new CsvReaderOptions { TrackLineNumbers = true }, leaveOpen: true);
        var rows = new List<CertificateBody>();
        var refused = new List<Refused>();
        while (table.Read())
        {
            if (ReadRow(table, (int)table.LineNumber, refused) is { } row)
            {
                rows.Add(row);
            }
        }

        return new Report(rows, refused);
    }

    private CertificateBody? ReadRow(CsvReader table, int line, List<Refused> refused)
    {
        var number = Field(table, "ENERGY STAR Unique ID");
        var brand = Field(table, "Brand Name");
        var certified = Field(table, "Date Certified");
        if (number is null || brand is null
            || !DateOnly.TryParseExact(certified, "MM/dd/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var validFrom))
        {
            refused.Add(new Refused(line, $"{number}, {brand}, {certified}", "A row needs a unique id, a brand and a date of certification (MM/DD/YYYY)."));
            return null;
        }

        var territories = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var market in Split(Field(table, "Markets")))
        {
            if (!Countries.TryGetValue(market, out var country))
            {
                refused.Add(new Refused(line, market, "The market is no country that this list is known to use."));
                return null;
            }

            territories.Add(country);
        }

        var main = new ModelSet(Split(Field(table, "Model Name")).Concat(Split(Field(table, "Model Number"))), Field(table, "UPC"));
        var category = CategoryOf(Field(table, "Type"));
        var products = new Dictionary<string, ProductLineEntry>(StringComparer.Ordinal);
        foreach (var set in Extra(Field(table, "Additional Model Information")).Prepend(main))
        {
            var (gtins, note) = ReadCodes(set.Codes, line, refused);
            foreach (var model in set.Models.Select(m => ListNumber().Replace(m, "")))
            {
                var known = products.GetValueOrDefault(model);
                products[model] = new ProductLineEntry
                {
                    Brand = brand,
                    Model = model,
                    Category = category,
                    Gtins = known?.Gtins is null && gtins.Count == 0 ? null : [.. (known?.Gtins ?? []).Union(gtins, StringComparer.Ordinal)],
                    Notes = known?.Notes is null ? note : note is null || known.Notes == note ? known.Notes : $"{known.Notes} {note}",
                };
            }
        }

        return new CertificateBody
        {
            Scheme = Scheme,
            Number = number,
            Holder = Field(table, "ENERGY STAR Partner"),
            ValidFrom = validFrom,
            Territories = [.. territories],
            Products = [.. products.Values],
            Sources = [Source],
            Confidence = Confidence.Verified,
        };
    }

    /// <summary>
    /// The records of the cell for further models: <c>name,number,note</c>, separated by semicolons. A comma with a blank after it
    /// belongs to its text; a piece without any other comma goes on with the note before it. Some lists of numbers lack the blanks:
    /// in a record of more parts of which the last is empty, there is no note. What a placeholder in a model stands for is no list of models.
    /// </summary>
    private static IEnumerable<ModelSet> Extra(string? cell)
    {
        var records = new List<string>();
        foreach (var piece in (cell ?? "").Split(';'))
        {
            if (FieldComma().IsMatch(piece))
            {
                records.Add(piece.Trim());
            }
            else if (records.Count > 0)
            {
                records[^1] += ";" + piece;
            }
        }

        foreach (var record in records)
        {
            var fields = FieldComma().Split(record);
            var models = fields.Length > 3 && fields[^1] == "" ? fields : fields[..2];
            var note = string.Join(',', fields[models.Length..]);
            yield return new ModelSet(models.SelectMany(m => Split(Placeholder().Replace(m, ""))), string.Join(", ", Upc().Matches(note).Select(m => m.Groups["code"].Value)));
        }
    }

    private static (IReadOnlyList<string> Gtins, string? Note) ReadCodes(string? cell, int line, List<Refused> refused)
    {
        var gtins = new List<string>();
        var notes = new List<string>();
        foreach (var code in Split(cell).Distinct(StringComparer.Ordinal))
        {
            if (IsGtin(code))
            {
                gtins.Add(code);
            }
            else if (code.Length == 11 && IsGtin("0" + code))
            {
                gtins.Add("0" + code);
                notes.Add($"The list prints the UPC {code}; its leading zero was lost and is restored.");
            }
            else
            {
                refused.Add(new Refused(line, code, "Not a GTIN: it needs 8, 12, 13 or 14 digits, of which the last is the right check digit."));
                notes.Add($"The list prints the UPC '{code}', which is no GTIN.");
            }
        }

        return (gtins, notes.Count == 0 ? null : string.Join(' ', notes));
    }

    // A link that carries a GTIN is none here.
    private static bool IsGtin(string code) => code.All(char.IsAsciiDigit) && Gtin.Read(code, out _) is null;

    private static string? Field(CsvReader table, string name) =>
        table.TryGetFieldIndex(name, out var index) && table.GetString(index) is var text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private static string[] Split(string? cell) =>
        (cell ?? "").Split([',', '，'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(",(?! )", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FieldComma();

    [GeneratedRegex(@"(^| \()[^(]*=.*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[0-9]+\) ", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ListNumber();

    [GeneratedRegex(@"UPC\W*(?<code>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Upc();

    /// <summary>What was read.</summary>
    /// <param name="Rows">One certificate for each good row.</param>
    /// <param name="Refused">What was left out, and why.</param>
    public sealed record Report(IReadOnlyList<CertificateBody> Rows, IReadOnlyList<Refused> Refused);

    /// <summary>Something that was left out.</summary>
    /// <param name="Line">Line of the file, from 1.</param>
    /// <param name="Text">The text that was refused.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Refused(int Line, string Text, string Reason);

    private sealed record ModelSet(IEnumerable<string> Models, string? Codes);
}
