using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace EcoLabelRegistry.Http;

/// <summary>Which stretch of a list is asked for: <c>limit</c> and <c>cursor</c>.</summary>
/// <remarks>
/// A list is ordered by a unique key, compared ordinally, and a page begins after the key of the last row before it: what is written
/// in between neither repeats a row nor loses one. The cursor also carries the revision and the day that the first page was
/// answered at, so that a list read to its end is one list. It is bound to the address and the parameters that it came from.
/// </remarks>
public sealed class Paging
{
    /// <summary>Rows of a page unless asked otherwise.</summary>
    public const int DefaultLimit = 50;

    /// <summary>Most rows of a page.</summary>
    public const int MaxLimit = 1000;

    internal const string LimitName = "limit";
    internal const string CursorName = "cursor";

    private readonly string _list;
    private readonly bool _isLimited;

    private Paging(int limit, bool isLimited, Cursor? after, string list)
    {
        Limit = limit;
        After = after;
        _list = list;
        _isLimited = isLimited;
    }

    /// <summary>Rows wanted; read one more to know whether a next page exists.</summary>
    public int Limit { get; }

    /// <summary>Where the page before ended; null for the first page.</summary>
    public Cursor? After { get; }

    /// <summary>True when the client asked for a stretch; what has no pages refuses it.</summary>
    public bool IsAsked => _isLimited || After is not null;

    /// <summary>All that follows in one page, unless the client gave a limit: for a form of answer whose readers would not see that a next page exists.</summary>
    public Paging WholeUnlessLimited() => _isLimited ? this : new(int.MaxValue - 1, isLimited: false, After, _list);

    /// <summary>Makes a page of the rows that follow <see cref="After"/>.</summary>
    /// <param name="rows">The rows in order: one more than <see cref="Limit"/> if there are so many, or all that follow.</param>
    /// <param name="revision">The revision that they were read at.</param>
    /// <param name="day">The date that they were judged on.</param>
    /// <param name="key">The key of a row: unique, and what the list is ordered by.</param>
    public Page<TRow> Cut<TRow>(IEnumerable<TRow> rows, long revision, DateOnly day, Func<TRow, IReadOnlyList<string>> key)
    {
        var items = rows.Take(Limit + 1).ToList();
        if (items.Count <= Limit)
        {
            return new(items, null, revision);
        }

        items.RemoveAt(Limit);
        return new(items, new Cursor(revision, day, key(items[^1])).Write(_list), revision);
    }

    /// <summary>Makes a page of those rows of a search that fit, when only a look at each tells.</summary>
    /// <remarks>A search in which little fits goes on in the next page: a page may be short, or empty, and still have a next one.</remarks>
    /// <param name="found">What was found after <see cref="After"/>, in order; read no further than needed.</param>
    /// <param name="row">The row of what was found; null when it does not fit.</param>
    /// <param name="most">Most that is looked at for one page.</param>
    /// <param name="revision">The revision that it is read at.</param>
    /// <param name="day">The date that it is judged on.</param>
    /// <param name="key">The key of what was found: unique, and what the list is ordered by.</param>
    public async Task<Page<TRow>> SieveAsync<TFound, TRow>(
        IAsyncEnumerable<TFound> found, Func<TFound, TRow?> row, int most, long revision, DateOnly day, Func<TFound, IReadOnlyList<string>> key)
        where TRow : class
    {
        var items = new List<TRow>();
        IReadOnlyList<string>? lastItem = null;
        await foreach (var one in found)
        {
            if (row(one) is { } fits)
            {
                if (items.Count == Limit)
                {
                    return new(items, new Cursor(revision, day, lastItem!).Write(_list), revision);
                }

                items.Add(fits);
                lastItem = key(one);
            }

            if (--most <= 0)
            {
                return new(items, new Cursor(revision, day, key(one)).Write(_list), revision);
            }
        }

        return new(items, null, revision);
    }

    internal static Paging Read(string? limitText, string? cursorText, HttpRequest request, ref List<Fault>? faults)
    {
        var limit = DefaultLimit;
        if (limitText is not null && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            (faults ??= []).Add(new(LimitName, new Message("fault.limit", limitText, MaxLimit)));
        }

        var list = List(request);
        return new(limit, limitText is not null, cursorText is null ? null : Cursor.Read(cursorText, list), list);
    }

    // The list that a cursor belongs to: the address and every parameter but the two of paging, in a fixed order.
    private static string List(HttpRequest request)
    {
        var parameters = new List<string>();
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            var name = QueryText.Decode(pair.EncodedName.Span, pair.EncodedName.ToString());
            if (name is not (LimitName or CursorName))
            {
                parameters.Add(name + "=" + QueryText.Decode(pair.EncodedValue.Span, name));
            }
        }

        parameters.Sort(StringComparer.Ordinal);
        return request.Path.Value + "?" + string.Join('&', parameters);
    }
}

/// <summary>Where a page ended.</summary>
/// <param name="Revision">The revision that the first page was read at.</param>
/// <param name="Day">The date that the first page was judged on.</param>
/// <param name="Key">The key of its last row.</param>
public sealed record Cursor(long Revision, DateOnly Day, IReadOnlyList<string> Key)
{
    // 72 bits: enough that no accident passes; nothing secret hangs on it, for a cursor only says where to go on.
    private const int CheckBytes = 9;

    internal string Write(string list)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes<string[]>(
            [Revision.ToString(CultureInfo.InvariantCulture), Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), .. Key]);
        return Base64Url.EncodeToString([.. Check(content, list), .. content]);
    }

    internal static Cursor Read(string text, string list)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(text);
            if (bytes.Length > CheckBytes && bytes.AsSpan(0, CheckBytes).SequenceEqual(Check(bytes.AsSpan(CheckBytes), list))
                && JsonSerializer.Deserialize<string[]>(bytes.AsSpan(CheckBytes)) is [var revisionText, var dayText, .. var key]
                && long.TryParse(revisionText, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
                && DateOnly.TryParseExact(dayText, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                return new(revision, day, key);
            }
        }
        catch (Exception failure) when (failure is FormatException or JsonException)
        {
            // No base64url, or no JSON in it: refused below like every other text that is no cursor of this list.
        }

        throw new RefusalException(ProblemCode.InvalidCursor, new Message("fault.cursor"))
        {
            Faults = [new(Paging.CursorName, new Message("fault.cursor"))],
        };
    }

    private static byte[] Check(ReadOnlySpan<byte> content, string list) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(list), 0, .. content])[..CheckBytes];
}

/// <summary>One page of a list.</summary>
/// <param name="Items">Its rows, in order.</param>
/// <param name="Next">Cursor of the next page; null on the last.</param>
/// <param name="Revision">The revision that it was read at.</param>
public sealed record Page<TRow>(IReadOnlyList<TRow> Items, string? Next, [property: JsonIgnore] long Revision);
