using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Matches;

namespace EcoLabelRegistry.Snapshot;

/// <summary>Chooses what to look at closely among the certificates of one generation in memory.</summary>
internal sealed class ShortlistInMemory(PackedCertificates all, uint generation, AskedText asked, SearchScope scope)
{
    private readonly int _rows = all.Rows; // first of all: what these are called is there by now
    private readonly List<string?> _categories = [];
    private int _categoriesOf = -1;

    /// <summary>Chooses.</summary>
    public NearTexts Take()
    {
        var lines = new Shortlist<(int Row, int Line)>(NearTexts.MostLines);
        var (wide, narrow) = (NearTexts.Floor(asked.Pairs.Level), NearTexts.Floor(asked.Pairs.NarrowLevel));
        all.Called.LookAtLines(_rows, asked.Pairs, wide, (row, line, level, signature) =>
        {
            var order = signature.Order;
            if (IsNews(lines, level, order) && Counts(row) && scope.Takes(CategoryOf(row, line)))
            {
                lines.Add(level, order, IdOf(row), line, (row, line));
            }

            return WorthALook(wide, lines.Least, lines.Cut);
        });
        var numbers = new Shortlist<int>(NearTexts.MostNumbers);
        all.Called.LookAtNumbers(_rows, asked.Pairs, narrow, (row, level, signature) =>
        {
            var order = Signature.OrderOf(signature);
            if (IsNews(numbers, level, order) && Counts(row) && TakesAnyLine(row))
            {
                numbers.Add(level, order, IdOf(row), 0, row);
            }

            return WorthALook(narrow, numbers.Least, numbers.Cut);
        });
        var named = new Shortlist<int>(NearTexts.MostNamed);
        if (asked.Schemes.Count > 0)
        {
            // Of all schemes that number alike, those that are named come first.
            var floor = NearTexts.FloorNamed(asked.Pairs.NarrowLevel);
            all.Called.LookAtNumbers(_rows, asked.Pairs, floor, (row, level, signature) =>
            {
                var order = Signature.OrderOf(signature);
                if (named.Takes(level, order) && Counts(row) && asked.Schemes.Contains(SchemeOf(row)) && TakesAnyLine(row))
                {
                    named.Add(level, order, IdOf(row), 0, row);
                }

                return Math.Max(floor, named.Least);
            });
        }

        var holders = new Shortlist<int>(NearTexts.MostHolders);
        all.Called.LookAtHolders(_rows, asked.Pairs, wide, (row, level, signature) =>
        {
            var order = signature.Order;
            if (IsNews(holders, level, order) && Counts(row) && TakesAnyLine(row))
            {
                holders.Add(level, order, IdOf(row), 0, row);
            }

            return WorthALook(wide, holders.Least, holders.Cut);
        });

        var read = new Dictionary<int, RecordedCertificate>();
        return new NearTexts(
            [.. lines.Take().Select(l => (Read(l.Row), PlaceOf(Read(l.Row), l.Line)))],
            [.. numbers.Take().Concat(named.Take()).Concat(holders.Take()).Distinct().Select(Read)],
            NearTexts.CutsWhole(asked, lines, numbers, holders));

        RecordedCertificate Read(int row) => read.TryGetValue(row, out var known) ? known : read[row] = all.Read(row);
    }

    // What is left out need not be looked at, but the first of its level: that something was left out there is to be known.
    private static int WorthALook(int floor, int least, int cut) => Math.Max(floor, Math.Min(least, cut + 1));

    // To look into a row costs more than all else.
    private static bool IsNews<T>(Shortlist<T> list, int level, ulong order) => list.Takes(level, order) || level > list.Cut;

    private static int PlaceOf(RecordedCertificate certificate, int line)
    {
        var lines = certificate.Model.Lines;
        for (var place = 0; ; place++)
        {
            if (lines[place].Product is not null && line-- == 0)
            {
                return place;
            }
        }
    }

    private bool Counts(int row) =>
        all.StoodAt(row, generation) && (scope.Scheme is null || SchemeOf(row) == scope.Scheme);

    private string SchemeOf(int row) => ReadCertificate.SchemeOf(all.BytesOf(row), all.Texts);

    private ulong IdOf(int row) => ReadCertificate.IdOf(all.BytesOf(row), all.Texts);

    private string? CategoryOf(int row, int line) => scope.Categories is null ? null : CategoriesOf(row)[line];

    private bool TakesAnyLine(int row) => scope.Categories is null || CategoriesOf(row).Exists(scope.Takes);

    private List<string?> CategoriesOf(int row)
    {
        if (row != _categoriesOf)
        {
            _categories.Clear();
            ReadCertificate.AddCategories(all.BytesOf(row), all.Texts, _categories);
            _categoriesOf = row;
        }

        return _categories;
    }
}
