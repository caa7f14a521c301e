using System.Globalization;
using System.Text;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Matches;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Snapshot;

/// <summary>What a certificate is found by.</summary>
internal enum FoundBy
{
    /// <summary>Its id.</summary>
    Id,

    /// <summary>A number, normalised for finding.</summary>
    Number,

    /// <summary>Id of a product.</summary>
    Product,

    /// <summary>Brand and model, normalised for finding.</summary>
    Name,

    /// <summary>A GTIN.</summary>
    Gtin,
}

/// <summary>Writes what a check needs of a certificate into some dozens of bytes. For one thread; reuse it.</summary>
/// <remarks>
/// Numbers are of variable length, 7 bits a byte, the lowest first. A text is 0 (absent), 1 with length and UTF-8, or its number in the pool + 2. A list
/// that may be absent has its length + 1. What stands between its number and its lines has its length in bytes before it. A date is 0 (absent), or three times its first day, plus 0 (day), 1 (month) or 2 (year), plus 1. Ids are
/// the 10 bytes of their hash: what stands before it is known. <see cref="ReadCertificate"/> reads it back.
/// </remarks>
internal sealed class PackCertificate(TextPool pool)
{
    /// <summary>Length of the hash in an id.</summary>
    internal const int HashLength = 10;

    // Holders come again and again in a load.
    private const int MostHolders = 1 << 16;

    private readonly List<(FoundBy By, uint Hash)> _keys = [];
    private readonly Dictionary<string, Signature> _holders = new(StringComparer.Ordinal);
    private readonly List<Signature> _lines = [];
    private readonly List<ulong> _numbers = [];
    private Signature? _holder;
    private byte[] _bytes = new byte[1024];
    private int _length;

    /// <summary>The certificate packed last.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Hashes of what the certificate packed last is found by, each once.</summary>
    public ReadOnlySpan<(FoundBy By, uint Hash)> Keys => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_keys);

    /// <summary>What the certificate packed last is called.</summary>
    public PackedNames Names => new(_lines.ToArray(), _numbers.ToArray(), _holder);

    /// <summary>Packs a certificate.</summary>
    /// <exception cref="InvalidDataException">Its id is none that this program makes.</exception>
    public void Pack(CertificateEntry entry, long revision)
    {
        var model = entry.ToModel();
        _length = 0;
        _keys.Clear();
        _lines.Clear();
        _numbers.Clear();
        _holder = entry.Holder is null ? null : OfHolder(entry.Holder);
        Text(model.Scheme, pooled: true);
        Key(FoundBy.Id, HashOf(Id(entry.Id!, model.Scheme.Length + 1)));
        Number((ulong)revision);
        Byte((model.Sample ? CertificateFlags.Sample : 0) | (model.Events.Count > 0 ? CertificateFlags.Events : 0)
            | (entry.OtherNumbers is { Count: > 0 } ? CertificateFlags.OtherNumbers : 0) | (model.LastAudit is null ? 0 : CertificateFlags.LastAudit));
        Text(model.Number, pooled: false);
        var detailsAt = _length;
        Text(entry.Holder, pooled: true);
        FindNumber(model.Number is null ? null : ProductIdentity.FindKey(model.Number));
        if (entry.OtherNumbers is { Count: > 0 } others)
        {
            Texts(others, pooled: false);
            foreach (var key in CertificateRows.Numbers(entry))
            {
                FindNumber(key);
            }
        }

        if (model.LastAudit is not null)
        {
            Date(model.LastAudit);
        }

        Texts(model.Territories, pooled: true);
        Texts(model.SiteCountries, pooled: true);
        if (model.Events.Count > 0)
        {
            Number((ulong)model.Events.Count);
            foreach (var happened in model.Events)
            {
                Number(((ulong)happened.Type << 1) | (happened.IsOfListing ? 1UL : 0));
                Date(happened.Effective);
            }
        }

        Number((ulong)model.Periods.Count);
        foreach (var period in model.Periods)
        {
            Date(period.From);
            Date(period.Until);
            Date(period.FirstConfirmedOn);
            Date(period.LastConfirmedOn);
            Text(period.Standard, pooled: true);
            Text(period.Edition, pooled: true);
            Text(period.Tier, pooled: true);
        }

        PutLengthBefore(detailsAt);
        Number((ulong)model.Lines.Count);
        for (var i = 0; i < model.Lines.Count; i++)
        {
            Line(model.Lines[i], entry.Products![i]);
        }

        DistinctKeys();
    }

    /// <summary>The hash that a GTIN is indexed under.</summary>
    public static uint HashOfGtin(ulong gtin) => (uint)((gtin * 0x9E37_79B9_7F4A_7C15) >> 32);

    /// <summary>The hash that a text is indexed under: one of this process, which nobody outside can aim at.</summary>
    public static uint HashOf(string key) => (uint)StringComparer.Ordinal.GetHashCode(key);

    /// <summary>The hash that an id is indexed under.</summary>
    public static uint HashOf(ReadOnlySpan<byte> hash) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash);

    /// <summary>Reads the hash in a product's id, as this program makes them: in lower case.</summary>
    public static bool TryReadProduct(string id, Span<byte> hash) =>
        id.Length == ReadCertificate.ProductPrefix.Length + (2 * HashLength)
        && id.StartsWith(ReadCertificate.ProductPrefix, StringComparison.Ordinal)
        && !id.AsSpan().ContainsAnyInRange('A', 'F')
        && Convert.FromHexString(id.AsSpan(ReadCertificate.ProductPrefix.Length), hash, out _, out _) == System.Buffers.OperationStatus.Done;

    private void Line(ProductLine line, ProductLineEntry entry)
    {
        var hasDates = line.From is not null || line.Until is not null;
        Byte((line.Product is null ? 0 : LineFlags.Product) | (hasDates ? LineFlags.Dates : 0)
            | (entry.Names is { Count: > 0 } ? LineFlags.Names : 0) | (entry.Related is { Count: > 0 } ? LineFlags.Related : 0)
            | (entry.Gtins is { Count: > 0 } ? LineFlags.Gtins : 0));
        if (line.Product is not null)
        {
            Key(FoundBy.Product, HashOf(Id(line.Product, ReadCertificate.ProductPrefix.Length)));
            var name = ProductIdentity.FindKey(entry.Brand!, entry.Model!);
            Key(FoundBy.Name, HashOf(name));
            _lines.Add(Signature.Of(name));
        }

        if (entry.Gtins is { Count: > 0 } gtins)
        {
            Number((ulong)gtins.Count);
            foreach (var text in gtins)
            {
                Gtin(text);
            }
        }

        Text(entry.Brand, pooled: true);
        Text(entry.Model, pooled: false);
        Text(line.Category, pooled: true);
        if (hasDates)
        {
            Date(line.From);
            Date(line.Until);
        }

        if (entry.Names is { Count: > 0 } names)
        {
            Number((ulong)names.Count);
            foreach (var (language, name) in names)
            {
                Text(language, pooled: true);
                Text(name, pooled: false);
            }
        }

        if (entry.Related is { Count: > 0 } relations)
        {
            Number((ulong)relations.Count);
            foreach (var related in relations)
            {
                Text(related.Scheme, pooled: true);
                Text(related.Certificate, pooled: false);
                Text(related.Key, pooled: false);
                Text(related.Model, pooled: false);
                Text(related.Relation, pooled: true);
            }
        }
    }

    // The length as given first, since an answer shows the text as given; a text that is no such number stays a text, and is found under none.
    private void Gtin(string text)
    {
        if (text.Length is > 0 and <= 14 && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var gtin))
        {
            Byte((byte)text.Length);
            Number(gtin);
            Key(FoundBy.Gtin, HashOfGtin(gtin));
        }
        else
        {
            Byte(0);
            Text(text, pooled: false);
        }
    }

    private void FindNumber(string? key)
    {
        if (key is not null)
        {
            Key(FoundBy.Number, HashOf(key));
            _numbers.Add(Signature.Of(key).Narrow);
        }
    }

    private Signature OfHolder(string holder)
    {
        if (!_holders.TryGetValue(holder, out var signature))
        {
            signature = Signature.Of(ProductIdentity.FindKey(holder));
            if (_holders.Count < MostHolders)
            {
                _holders.Add(holder, signature);
            }
        }

        return signature;
    }

    private void Key(FoundBy by, uint hash) => _keys.Add((by, hash));

    private void DistinctKeys()
    {
        _keys.Sort();
        var kept = 0;
        for (var i = 0; i < _keys.Count; i++)
        {
            if (kept == 0 || _keys[kept - 1] != _keys[i])
            {
                _keys[kept++] = _keys[i];
            }
        }

        _keys.RemoveRange(kept, _keys.Count - kept);
    }

    private ReadOnlySpan<byte> Id(string id, int prefix)
    {
        var bytes = Room(HashLength);
        if (id.Length != prefix + (2 * HashLength)
            || Convert.FromHexString(id.AsSpan(prefix), bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            throw new InvalidDataException($"The database holds the id '{id}', which this program does not make.");
        }

        return bytes;
    }

    private void Date(PartialDate? date) => Number(date is not { } given ? 0
        : ((ulong)given.FirstDay.DayNumber * 3) + (given.IsDay ? 1u : given.FirstDay.Month == given.LastDay.Month ? 2u : 3u));

    private void Texts(IReadOnlyList<string>? texts, bool pooled)
    {
        Number(texts is null ? 0 : (ulong)texts.Count + 1);
        foreach (var text in texts ?? [])
        {
            Text(text, pooled);
        }
    }

    private void Text(string? text, bool pooled)
    {
        if (text is null)
        {
            Byte(0);
        }
        else if (pooled && pool.NumberOf(text) is >= 0 and var number)
        {
            Number((ulong)number + 2);
        }
        else
        {
            Byte(1);
            var length = Encoding.UTF8.GetByteCount(text);
            Number((ulong)length);
            Encoding.UTF8.GetBytes(text, Room(length));
        }
    }

    private void Number(ulong number)
    {
        var bytes = Room(10);
        var length = 0;
        while (number >= 0x80)
        {
            bytes[length++] = (byte)(number | 0x80);
            number >>= 7;
        }

        bytes[length] = (byte)number;
        _length -= 9 - length;
    }

    // So that whoever looks for a line need not read what stands before the lines.
    private void PutLengthBefore(int start)
    {
        var length = _length - start;
        Number((ulong)length);
        Span<byte> number = stackalloc byte[10];
        number = number[..(_length - start - length)];
        _bytes.AsSpan(start + length, number.Length).CopyTo(number);
        _bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(start + number.Length));
        number.CopyTo(_bytes.AsSpan(start));
    }

    private void Byte(int value) => Room(1)[0] = (byte)value;

    private Span<byte> Room(int length)
    {
        if (_length + length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        }

        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }
}

/// <summary>What a packed certificate has.</summary>
internal static class CertificateFlags
{
    public const int Sample = 1;
    public const int Events = 2;
    public const int OtherNumbers = 4;
    public const int LastAudit = 8;
}

/// <summary>What a packed line has.</summary>
internal static class LineFlags
{
    public const int Product = 1;
    public const int Dates = 2;
    public const int Names = 4;
    public const int Related = 8;
    public const int Gtins = 16;
}
