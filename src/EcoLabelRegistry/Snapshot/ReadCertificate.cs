using System.Globalization;
using System.Text;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Snapshot;

/// <summary>Reads what <see cref="PackCertificate"/> wrote: the whole, or only what tells whether it is the one that is looked for.</summary>
internal ref struct ReadCertificate(ReadOnlySpan<byte> bytes, TextPool pool)
{
    /// <summary>What stands before the hash in a product's id.</summary>
    internal const string ProductPrefix = "p-";

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>True when both have the same id.</summary>
    public static bool HaveSameId(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, TextPool pool)
    {
        var one = new ReadCertificate(left, pool);
        var other = new ReadCertificate(right, pool);
        return one.Text() == other.Text() && one.Hash().SequenceEqual(other.Hash());
    }

    /// <summary>True when it is of the scheme, and one of its numbers has this key.</summary>
    public static bool HasNumber(ReadOnlySpan<byte> bytes, TextPool pool, string scheme, string key)
    {
        var read = new ReadCertificate(bytes, pool);
        if (read.Text() != scheme)
        {
            return false;
        }

        read.Hash();
        read.Number();
        var flags = read.Byte();
        if (read.Text() is { } number && ProductIdentity.FindKey(number) == key)
        {
            return true;
        }

        read.Number();
        read.SkipText();
        return (flags & CertificateFlags.OtherNumbers) != 0 && Array.Exists(read.Texts()!, other => ProductIdentity.FindKey(other) == key);
    }

    /// <summary>The first 64 bits of the hash in its id.</summary>
    public static ulong IdOf(ReadOnlySpan<byte> bytes, TextPool pool)
    {
        var read = new ReadCertificate(bytes, pool);
        read.SkipText();
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(read.Hash());
    }

    /// <summary>Code of its scheme.</summary>
    public static string SchemeOf(ReadOnlySpan<byte> bytes, TextPool pool) => new ReadCertificate(bytes, pool).Text()!;

    /// <summary>Adds the categories of the lines that name a product, in their order.</summary>
    public static void AddCategories(ReadOnlySpan<byte> bytes, TextPool pool, List<string?> categories)
    {
        var read = new ReadCertificate(bytes, pool);
        for (var lines = read.SkipToLines(); lines > 0; lines--)
        {
            var flags = read.Byte();
            if ((flags & LineFlags.Product) != 0)
            {
                read.Hash();
            }

            read.HasGtin(flags, 0);
            read.SkipText();
            read.SkipText();
            var category = read.Text();
            if ((flags & LineFlags.Product) != 0)
            {
                categories.Add(category);
            }

            read.SkipDetails(flags);
        }
    }

    /// <summary>True when one of its lines names the product.</summary>
    public static bool HasProduct(ReadOnlySpan<byte> bytes, TextPool pool, ReadOnlySpan<byte> hash)
    {
        var read = new ReadCertificate(bytes, pool);
        for (var lines = read.SkipToLines(); lines > 0; lines--)
        {
            var flags = read.Byte();
            if ((flags & LineFlags.Product) != 0 && read.Hash().SequenceEqual(hash))
            {
                return true;
            }

            read.HasGtin(flags, 0);
            read.SkipRestOfLine(flags);
        }

        return false;
    }

    /// <summary>Adds the products of the lines that list a GTIN, each once; null stands for lines that name none.</summary>
    /// <returns>True when a line lists it.</returns>
    public static bool AddProducts(ReadOnlySpan<byte> bytes, TextPool pool, ulong gtin, List<string?>? products)
    {
        var read = new ReadCertificate(bytes, pool);
        var found = false;
        for (var lines = read.SkipToLines(); lines > 0; lines--)
        {
            var flags = read.Byte();
            var hash = (flags & LineFlags.Product) != 0 ? read.Hash() : default;
            if (read.HasGtin(flags, gtin))
            {
                found = true;
                var product = hash.IsEmpty ? null : Id("p", hash);
                if (products is not null && !products.Contains(product))
                {
                    products.Add(product);
                }
            }

            read.SkipRestOfLine(flags);
        }

        return found;
    }

    /// <summary>Looks for the one product of the lines that list a GTIN.</summary>
    /// <param name="bytes">The certificate.</param>
    /// <param name="pool">The texts that certificates share.</param>
    /// <param name="gtin">The GTIN.</param>
    /// <param name="product">The hash in its id, as found in other certificates or here; empty when no line lists the GTIN.</param>
    /// <returns>False when such lines name several products, or none.</returns>
    public static bool IsOneProduct(ReadOnlySpan<byte> bytes, TextPool pool, ulong gtin, ref ReadOnlySpan<byte> product)
    {
        var read = new ReadCertificate(bytes, pool);
        for (var lines = read.SkipToLines(); lines > 0; lines--)
        {
            var flags = read.Byte();
            var hash = (flags & LineFlags.Product) != 0 ? read.Hash() : default;
            if (read.HasGtin(flags, gtin))
            {
                if (hash.IsEmpty || !(product.IsEmpty || product.SequenceEqual(hash)))
                {
                    return false;
                }

                product = hash;
            }

            if (lines > 1)
            {
                read.SkipRestOfLine(flags);
            }
        }

        return true;
    }

    /// <summary>Id of the product with a hash.</summary>
    public static string ProductId(ReadOnlySpan<byte> hash) => Id("p", hash);

    /// <summary>What a decision needs of the certificate, and the revision that last wrote it.</summary>
    public static Certificate Model(ReadOnlySpan<byte> bytes, TextPool pool, out long revision) => new ReadCertificate(bytes, pool).Model(out revision);

    /// <summary>What an answer shows of the certificate.</summary>
    public static CertificateEntry Entry(ReadOnlySpan<byte> bytes, TextPool pool, Certificate model) => new ReadCertificate(bytes, pool).Entry(model);

    private Certificate Model(out long revision)
    {
        var scheme = Text()!;
        var id = Id(scheme, Hash());
        revision = (long)Number();
        var flags = Byte();
        var number = Text();
        Number();
        SkipText();
        if ((flags & CertificateFlags.OtherNumbers) != 0)
        {
            SkipTexts();
        }

        var lastAudit = (flags & CertificateFlags.LastAudit) != 0 ? Date() : null;
        var territories = Texts();
        var sites = Texts();
        var events = (flags & CertificateFlags.Events) != 0 ? new CertificateEvent[(int)Number()] : [];
        for (var i = 0; i < events.Length; i++)
        {
            var kind = (int)Number();
            events[i] = new CertificateEvent((CertificateEventType)(kind >> 1), Date()!.Value, (kind & 1) != 0);
        }

        var periods = new CertificatePeriod[(int)Number()];
        for (var i = 0; i < periods.Length; i++)
        {
            periods[i] = new CertificatePeriod
            {
                From = Date(),
                Until = Date(),
                FirstConfirmedOn = Date(),
                LastConfirmedOn = Date(),
                Standard = Text(),
                Edition = Text(),
                Tier = Text(),
            };
        }

        var lines = new ProductLine[(int)Number()];
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = ModelLine(isLast: i == lines.Length - 1);
        }

        return new Certificate(id, scheme, number)
        {
            Periods = periods,
            Lines = lines,
            Events = events,
            Territories = territories,
            SiteCountries = sites,
            LastAudit = lastAudit,
            Sample = (flags & CertificateFlags.Sample) != 0,
        };
    }

    private ProductLine ModelLine(bool isLast)
    {
        var flags = Byte();
        var product = (flags & LineFlags.Product) != 0 ? Id("p", Hash()) : null;
        HasGtin(flags, 0);
        SkipText();
        SkipText();
        var category = Text();
        var hasDates = (flags & LineFlags.Dates) != 0;
        var line = new ProductLine(product, category, hasDates ? Date() : null, hasDates ? Date() : null);
        if (!isLast)
        {
            SkipWords(flags);
        }

        return line;
    }

    private CertificateEntry Entry(Certificate model)
    {
        var flags = SkipToNumber();
        SkipText();
        var length = (int)Number();
        var lines = _at + length;
        var holder = Text();
        var otherNumbers = (flags & CertificateFlags.OtherNumbers) != 0 ? Texts() : null;
        _at = lines;
        var products = new ProductLineEntry[(int)Number()];
        for (var i = 0; i < products.Length; i++)
        {
            products[i] = EntryLine();
        }

        return new CertificateEntry
        {
            Id = model.Id,
            Scheme = model.Scheme,
            Number = model.Number,
            OtherNumbers = otherNumbers,
            Holder = holder,
            Products = products,
            Sample = model.Sample ? true : null,
        };
    }

    private ProductLineEntry EntryLine()
    {
        var flags = Byte();
        if ((flags & LineFlags.Product) != 0)
        {
            Hash();
        }

        var gtins = (flags & LineFlags.Gtins) != 0 ? new string[(int)Number()] : null;
        for (var i = 0; i < gtins?.Length; i++)
        {
            gtins[i] = Gtin();
        }

        var brand = Text();
        var model = Text();
        var category = Text();
        if ((flags & LineFlags.Dates) != 0)
        {
            Number();
            Number();
        }

        var names = (flags & LineFlags.Names) != 0 ? new Dictionary<string, string>(StringComparer.Ordinal) : null;
        for (var left = names is null ? 0 : (int)Number(); left > 0; left--)
        {
            var language = Text()!;
            names!.Add(language, Text()!);
        }

        var related = (flags & LineFlags.Related) != 0 ? new RelatedLine[(int)Number()] : null;
        for (var i = 0; i < related?.Length; i++)
        {
            related[i] = new RelatedLine(Text(), Text(), Text(), Text(), Text());
        }

        return new ProductLineEntry { Brand = brand, Model = model, Category = category, Gtins = gtins, Names = names, Related = related };
    }

    private static string Id(string prefix, ReadOnlySpan<byte> hash)
    {
        Span<char> id = stackalloc char[prefix.Length + 1 + (2 * PackCertificate.HashLength)];
        prefix.CopyTo(id);
        id[prefix.Length] = '-';
        Convert.TryToHexStringLower(hash, id[(prefix.Length + 1)..], out _);
        return id.ToString();
    }

    private int SkipToLines()
    {
        SkipToNumber();
        SkipText();
        Take((int)Number());
        return (int)Number();
    }

    private int SkipToNumber()
    {
        SkipText();
        Hash();
        Number();
        return Byte();
    }

    private bool HasGtin(int flags, ulong gtin)
    {
        var has = false;
        for (var left = (flags & LineFlags.Gtins) != 0 ? Number() : 0; left > 0; left--)
        {
            if (Byte() == 0)
            {
                SkipText();
            }
            else
            {
                has |= Number() == gtin;
            }
        }

        return has;
    }

    private void SkipRestOfLine(int flags)
    {
        SkipText();
        SkipText();
        SkipText();
        SkipDetails(flags);
    }

    // What stands behind the category.
    private void SkipDetails(int flags)
    {
        if ((flags & LineFlags.Dates) != 0)
        {
            Number();
            Number();
        }

        SkipWords(flags);
    }

    private void SkipWords(int flags)
    {
        for (var left = (flags & LineFlags.Names) != 0 ? Number() * 2 : 0; left > 0; left--)
        {
            SkipText();
        }

        for (var left = (flags & LineFlags.Related) != 0 ? Number() * 5 : 0; left > 0; left--)
        {
            SkipText();
        }
    }

    private string Gtin()
    {
        var length = Byte();
        return length == 0 ? Text()! : Number().ToString(CultureInfo.InvariantCulture).PadLeft(length, '0');
    }

    private PartialDate? Date()
    {
        if (Number() is not (> 0 and var given))
        {
            return null;
        }

        var day = DateOnly.FromDayNumber((int)((given - 1) / 3));
        return ((given - 1) % 3) switch
        {
            0 => PartialDate.Of(day),
            1 => PartialDate.Parse(day.ToString("yyyy-MM", CultureInfo.InvariantCulture)),
            _ => PartialDate.Parse(day.ToString("yyyy", CultureInfo.InvariantCulture)),
        };
    }

    private string[]? Texts()
    {
        if (Number() is not (> 0 and var length))
        {
            return null;
        }

        var texts = new string[(int)length - 1];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Text()!;
        }

        return texts;
    }

    private void SkipTexts()
    {
        for (var left = Number(); left > 1; left--)
        {
            SkipText();
        }
    }

    private string? Text() => Number() switch
    {
        0 => null,
        1 => Encoding.UTF8.GetString(Take((int)Number())),
        var number => pool[(int)number - 2],
    };

    private void SkipText()
    {
        if (Number() == 1)
        {
            Take((int)Number());
        }
    }

    private ReadOnlySpan<byte> Hash() => Take(PackCertificate.HashLength);

    private int Byte() => _bytes[_at++];

    private ulong Number()
    {
        var number = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var part = _bytes[_at++];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        _at += length;
        return _bytes.Slice(_at - length, length);
    }
}
