using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Certificates;

/// <summary>What a label body writes of one certificate: the whole of what stands now, merged with what was known before.</summary>
public sealed record CertificateBody : Sourced
{
    // How registers write that there is no end.
    private static readonly PartialDate EndOfCalendar = new DateOnly(9999, 12, 31);

    /// <summary>Code of the scheme that granted it.</summary>
    public string? Scheme { get; init; }

    /// <summary>The scheme's own text.</summary>
    public string? Number { get; init; }

    /// <summary>What stands in for a number that no source prints.</summary>
    public string? Key { get; init; }

    /// <summary>Who holds the licence.</summary>
    public string? Holder { get; init; }

    /// <summary>Id of the standard.</summary>
    public string? Standard { get; init; }

    /// <summary>The edition.</summary>
    public string? Edition { get; init; }

    /// <summary>The tier.</summary>
    public string? Tier { get; init; }

    /// <summary>First day of the period; a later one than before adds a period, the same one corrects it.</summary>
    public PartialDate? ValidFrom { get; init; }

    /// <summary>Last day of the period; absent is open-ended.</summary>
    public PartialDate? ValidUntil { get; init; }

    /// <summary>A day on which a source shows it valid; a later one extends.</summary>
    public PartialDate? ConfirmedOn { get; init; }

    /// <summary>Day of the last surveillance audit.</summary>
    public PartialDate? LastAudit { get; init; }

    /// <summary>The office that issued it.</summary>
    public string? IssuedBy { get; init; }

    /// <summary>Further numbers.</summary>
    public IReadOnlyList<string>? OtherNumbers { get; init; }

    /// <summary>Where it counts; empty is everywhere, absent is not known.</summary>
    public IReadOnlyList<string>? Territories { get; init; }

    /// <summary>Production sites.</summary>
    public IReadOnlyList<Site>? Sites { get; init; }

    /// <summary>Product lines.</summary>
    public IReadOnlyList<ProductLineEntry>? Products { get; init; }

    /// <summary>Events, in a register's rows.</summary>
    public IReadOnlyList<CertificateEventEntry>? Events { get; init; }

    /// <summary>The certificate after this write.</summary>
    /// <param name="before">What is on record; null for a new one.</param>
    /// <param name="today">The day of the write: a product that is absent is off from it on, one that is new is on from it.</param>
    public CertificateEntry Merge(CertificateEntry? before, DateOnly today) => new()
    {
        Id = before?.Id ?? ProductIdentity.CertificateId(Scheme!, Number, Key),
        Scheme = Scheme,
        Number = before?.Number ?? Number,
        Key = Number is null ? before?.Key ?? Key : null,
        Holder = Holder,
        IssuedBy = IssuedBy,
        OtherNumbers = OtherNumbers,
        LastAudit = LastAudit ?? before?.LastAudit,
        Territories = Territories,
        Sites = Sites,
        Periods = MergePeriods(before?.Periods ?? []),
        Products = before is null ? Products ?? [] : MergeLines(before.Products ?? [], today),
        Events = MergeEvents(before?.Events),
        Sources = Sources,
        Confidence = Confidence,
        Notes = Notes,
        Sample = Sample,
    };

    private List<CertificatePeriodEntry> MergePeriods(IReadOnlyList<CertificatePeriodEntry> before)
    {
        // A report without a start speaks of the period known only from reports, else of the newest one. A start that becomes known
        // is that of the period known only from reports, if these lie in it.
        var same = ValidFrom is { } from
            ? before.FirstOrDefault(p => p.ValidFrom == from) ?? before.FirstOrDefault(p => p.ValidFrom is null && IsReportOf(p, from))
            : before.FirstOrDefault(p => p.ValidFrom is null) ?? (before.Count == 0 ? null : before[^1]);
        var period = new CertificatePeriodEntry
        {
            Standard = Standard ?? (ValidFrom is null ? same?.Standard : null),
            Edition = Edition ?? (ValidFrom is null ? same?.Edition : null),
            Tier = Tier ?? (ValidFrom is null ? same?.Tier : null),
            ValidFrom = ValidFrom ?? same?.ValidFrom,
            ValidUntil = ValidUntil is { } end ? (end == EndOfCalendar ? null : end) : ValidFrom is null ? same?.ValidUntil : null,
            FirstConfirmedOn = Earlier(same?.FirstConfirmedOn, ConfirmedOn),
            ConfirmedOn = Later(same?.ConfirmedOn, ConfirmedOn),
        };
        return [.. before.Where(p => p != same).Append(period).OrderBy(p => p.ValidFrom?.FirstDay ?? DateOnly.MinValue)];
    }

    private List<ProductLineEntry> MergeLines(IReadOnlyList<ProductLineEntry> before, DateOnly today)
    {
        var after = before.ToList(); // a line keeps its place
        var open = Enumerable.Range(0, before.Count).GroupBy(i => NameOf(before[i]), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var given = (Products ?? []).Select(line => (Line: line, Known: open.GetValueOrDefault(NameOf(line)) ?? [])).ToList();

        // The surest matches first, so that a line never takes the place of one that another line means more exactly.
        Match((old, line) => old.Category == line.Category && old.Until == line.Until && (line.From is null || old.From == line.From));
        Match((old, line) => IsOn(old) && old.Category == line.Category);
        Match((old, _) => IsOn(old));
        Match((old, line) => !IsOn(line) && old.Category == line.Category);
        foreach (var gone in open.Values.SelectMany(i => i).Where(i => IsOn(before[i])))
        {
            after[gone] = before[gone] with { Until = today.AddDays(-1) };
        }

        var start = ValidFrom is { } from && from.FirstDay > today ? from : today;
        after.AddRange(given.Select(g => g.Line.From is null && IsOn(g.Line) ? g.Line with { From = start } : g.Line));
        return after;

        bool IsOn(ProductLineEntry line) => line.Until is not { } until || until.LastDay >= today;

        void Match(Func<ProductLineEntry, ProductLineEntry, bool> matches) => given.RemoveAll(g =>
        {
            var found = g.Known.FindIndex(i => matches(before[i], g.Line));
            if (found >= 0)
            {
                var place = g.Known[found];
                after[place] = g.Line with { From = g.Line.From ?? before[place].From };
                g.Known.RemoveAt(found);
            }

            return found >= 0;
        });
    }

    // What is on record stays in its order, and may say the same thing twice: withdrawn, reinstated and withdrawn again on one day.
    private List<CertificateEventEntry>? MergeEvents(IReadOnlyList<CertificateEventEntry>? before) =>
        before is null && Events is null ? null : [.. before ?? [], .. (Events ?? []).Except(before ?? [])];

    /// <summary>What makes two lines the same: the product, else the words of a line that names none.</summary>
    internal static string NameOf(ProductLineEntry line) => line.Product ?? $"{line.Brand}\n{line.Model}\n{line.Category}";

    private bool IsReportOf(CertificatePeriodEntry report, PartialDate from) =>
        report.ConfirmedOn is { } last && last.LastDay >= from.FirstDay
        && (ValidUntil is not { } until || (report.FirstConfirmedOn ?? last).FirstDay <= until.LastDay);

    private static PartialDate? Earlier(PartialDate? one, PartialDate? other) =>
        one is null || (other is not null && other.Value.FirstDay < one.Value.FirstDay) ? other : one;

    private static PartialDate? Later(PartialDate? one, PartialDate? other) =>
        one is null || (other is not null && other.Value.LastDay > one.Value.LastDay) ? other : one;
}
