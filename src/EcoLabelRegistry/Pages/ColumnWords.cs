namespace EcoLabelRegistry.Pages;

/// <summary>The columns of a register as people call them.</summary>
public static class ColumnWords
{
    /// <summary>Each column that a file may have, and the key of its text.</summary>
    public static readonly IReadOnlyList<(string Column, string Key)> All =
    [
        ("number", "column.number"), ("key", "column.key"), ("scheme", "column.scheme"), ("holder", "column.holder"), ("standard", "column.standard"),
        ("edition", "column.edition"), ("tier", "column.tier"), ("validFrom", "column.valid-from"), ("validUntil", "column.valid-until"),
        ("confirmedOn", "column.confirmed-on"), ("lastAudit", "column.last-audit"), ("issuedBy", "column.issued-by"), ("otherNumbers", "column.other-numbers"),
        ("territories", "column.territories"), ("siteCountries", "column.site-countries"), ("notes", "column.notes"), ("sample", "column.sample"),
        ("brand", "column.brand"), ("model", "column.model"), ("gtins", "column.gtins"), ("category", "column.category"), ("from", "column.from"),
        ("until", "column.until"), ("name.en", "column.name"), ("event", "column.event"), ("eventEffective", "column.event-effective"), ("eventReason", "column.event-reason"),
    ];

    // Members of a certificate that a column of another name fills.
    private static readonly (string End, string Column)[] Others =
    [
        (".type", "event"), (".effective", "eventEffective"), (".reason", "eventReason"), (".country", "siteCountries"), ("sites", "siteCountries"),
    ];

    /// <summary>The column that a member such as <c>products[0].gtins[1]</c> comes from, in words; null where there is none.</summary>
    public static string? Of(string member, Words words)
    {
        var path = string.Concat(member.Split('[').Select((part, i) => i == 0 ? part : part[(part.IndexOf(']', StringComparison.Ordinal) + 1)..]));
        var name = path.Contains("name.", StringComparison.Ordinal) || path.Contains("names.", StringComparison.Ordinal) ? "name.en"
            : Others.FirstOrDefault(o => path.EndsWith(o.End, StringComparison.Ordinal)).Column ?? path.Split('.')[^1];
        return All.FirstOrDefault(c => c.Column == name).Key is { } key ? words[key] : null;
    }
}
