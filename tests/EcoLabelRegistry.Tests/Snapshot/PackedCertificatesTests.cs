using System.Globalization;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Tests.Snapshot;

public sealed class PackedCertificatesTests
{
    private readonly TextPool _texts = new();

    [Fact]
    public void Every_member_that_a_check_needs_comes_back_as_it_was()
    {
        var entry = new CertificateEntry
        {
            Id = ProductIdentity.CertificateId("beta", "Ｎ 1", null),
            Scheme = "beta",
            Number = "Ｎ 1",
            Holder = "画家 \"Ltd\"",
            OtherNumbers = ["old", "older"],
            LastAudit = PartialDate.Parse("2020-06"),
            Territories = ["CN", "GB-NIR"],
            Sites = [new Site("DE")],
            Sample = true,
            Periods =
            [
                new() { Standard = "s", Edition = "2014", Tier = "gold", ValidFrom = PartialDate.Parse("2005"), ValidUntil = PartialDate.Parse("2007-04-30"), ConfirmedOn = PartialDate.Parse("2006-02") },
                new() { FirstConfirmedOn = PartialDate.Parse("9999-12-31"), ConfirmedOn = PartialDate.Parse("0001-01-01") },
            ],
            Events = [new(CertificateEventType.Suspended, PartialDate.Parse("2006"), "why"), new(CertificateEventType.Withdrawn, PartialDate.Parse("2007-01-02"))],
            Products =
            [
                new()
                {
                    Brand = "ａｃｍｅ", Model = "M-1", Category = "paper", Gtins = ["40170725", "4006381333931", "00012345678905", "none"],
                    Names = Words(("zh", "纸"), ("en", "Paper")), From = PartialDate.Parse("2001"), Until = PartialDate.Parse("2002-03"),
                    Related = [new("gamma", "7", null, "M-2", "twin"), new("gamma", null, "k")],
                },
                new() { Category = "paper" },
                new() { Brand = "Acme", Model = "", Gtins = [] },
            ],
        };

        var read = Through(entry, 412);

        Assert.Equal(412, read.Revision);
        Assert.Equal(Shown(entry), Shown(read.Entry));
        Assert.Equal(RecordJson.Text(entry.ToModel()), RecordJson.Text(read.Model));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Absent_and_empty_stay_apart(bool empty)
    {
        var entry = Entry("1") with { Territories = empty ? [] : null, Sites = empty ? [] : null };

        var read = Through(entry, 1);

        Assert.Equal(RecordJson.Text(entry.ToModel()), RecordJson.Text(read.Model));
        Assert.Equal(empty, read.Model.Territories is not null);
    }

    [Fact]
    public void A_certificate_of_ten_thousand_lines_and_texts_beyond_the_pool_come_back_too()
    {
        for (var i = 0; i < 140_000; i++)
        {
            _texts.NumberOf("filling " + i.ToString(CultureInfo.InvariantCulture));
        }

        var entry = Entry("1", [.. Enumerable.Range(0, 10_000).Select(i => new ProductLineEntry { Brand = $"Brand {i}", Model = new string('x', 300) })]);
        var read = Through(entry, 1);
        Assert.Equal(Shown(entry), Shown(read.Entry));
        Assert.Equal(-1, _texts.NumberOf("Brand 1"));
    }

    [Fact]
    public void An_id_that_this_program_does_not_make_is_refused()
    {
        var pack = new PackCertificate(_texts);
        Assert.Throws<InvalidDataException>(() => pack.Pack(Entry("1") with { Id = "beta-1" }, 1));
    }

    [Fact]
    public async Task A_reader_sees_its_own_generation_whatever_is_written_and_moved_meanwhile()
    {
        const int certificates = 300;
        const uint generations = 120;
        var all = new PackedCertificates(1, _texts); // far too small at first: every part must grow
        var pack = new PackCertificate(_texts);
        Put(all, pack, 1, certificates);
        var shared = new Newest((new HeldCertificates(all, 1), 1));
        using var over = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(reader => Task.Run(async () =>
        {
            var (seen, random) = (0u, new Random(reader));
            while (!over.IsCancellationRequested || seen < generations)
            {
                (var held, seen) = shared.Value;
                var place = random.Next(certificates);
                var one = Assert.Single(await held.ByProductAsync(Product(place)));
                Assert.Equal(seen.ToString(CultureInfo.InvariantCulture), one.Entry.Holder);
                Assert.Equal(certificates, (await held.ByProductAsync(ProductIdentity.IdOf("N/A", "N/A")!)).Count);
                Assert.Empty(await held.ByNumberAsync("beta", $"{place} of {seen - 1}"));
                Assert.Single(await held.ByNumberAsync("beta", $"{place} of {seen}"));
            }
        })).ToList();
        for (var generation = 2u; generation <= generations; generation++)
        {
            var move = generation % 40 == 0 ? all.Compacted(generation - 1) : null; // began before the writes, ends after them
            Put(all, pack, generation, certificates);
            all = move is null ? all : all.Moved(move, generation);
            shared.Value = (new HeldCertificates(all, generation), generation);
            await Task.Yield();
        }

        await over.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(certificates, all.Count);
    }

    [Fact]
    public void What_was_replaced_is_left_behind_and_what_is_the_same_takes_no_room()
    {
        var all = new PackedCertificates(1, _texts);
        var pack = new PackCertificate(_texts);
        for (var generation = 1u; generation <= 60; generation++)
        {
            Put(all, pack, generation, 300);
        }

        Assert.True(all.IsWorn);
        var bytes = all.Bytes;
        Put(all, pack, 60, 300);
        Assert.Equal(bytes, all.Bytes);
        var moved = all.Moved(all.Compacted(60), 60);
        Assert.True(moved.Bytes < bytes, $"{moved.Bytes} of {bytes}");
        Assert.Equal(300, moved.Count);
        Assert.False(moved.IsWorn);
    }

    [Fact]
    public async Task A_number_that_differs_in_its_writing_is_found_and_another_schemes_is_not()
    {
        var all = new PackedCertificates(4, _texts);
        var pack = new PackCertificate(_texts);
        Put(all, pack, Entry("AB-12"), 1);
        Put(all, pack, Entry("ab 12") with { Scheme = "gamma", Id = ProductIdentity.CertificateId("gamma", "ab 12", null) }, 1);
        var held = new HeldCertificates(all, 1);

        Assert.Equal("AB-12", Assert.Single(await held.ByNumberAsync("beta", "ＡＢ１２")).Entry.Number);
        Assert.Equal("ab 12", Assert.Single(await held.ByNumberAsync("gamma", "AB/12")).Entry.Number);
        Assert.Empty(await held.ByNumberAsync("delta", "AB-12"));
        Assert.Empty(await held.ByNumberAsync("beta", "AB-13"));
        Assert.Empty(await held.ByProductAsync("p-zz"));
        Assert.Null(await held.ProductAsync("p-00000000000000000000"));
    }

    [Fact]
    public async Task A_gtin_names_one_product_several_or_none_whatever_was_expected()
    {
        var all = new PackedCertificates(4, _texts);
        var pack = new PackCertificate(_texts);
        Put(all, pack, Entry("1", new ProductLineEntry { Brand = "Acme", Model = "1", Gtins = ["4006381333931"] }), 1);
        Put(all, pack, Entry("2", new ProductLineEntry { Brand = "Acme", Model = "1" }, new ProductLineEntry { Brand = "Acme", Model = "2", Gtins = ["96385074"] }), 1);
        Put(all, pack, Entry("3", new ProductLineEntry { Brand = "Acme", Model = "3", Gtins = ["96385074"] }), 1);
        Put(all, pack, Entry("4", new ProductLineEntry { Category = "it", Gtins = ["036000291452"] }), 1);
        var held = new HeldCertificates(all, 1);

        held.Expect([.. Enumerable.Range(0, 200).Select(i => (ulong)i), 4006381333931, 96385074, 36000291452]);
        held.Expect([]);

        var one = (await held.OfOneProductAsync("04006381333931"))!;
        Assert.Equal(Product(1), one.Product);
        Assert.Equal(["1", "2"], one.Certificates.Select(c => c.Entry.Number!).Order(StringComparer.Ordinal));
        Assert.Null(await held.OfOneProductAsync("00000096385074"));
        Assert.Null(await held.OfOneProductAsync("00036000291452"));
        Assert.Empty((await held.OfOneProductAsync("00000000000017"))!.Certificates);
    }

    private static string Product(int place) => ProductIdentity.IdOf("Acme", place.ToString(CultureInfo.InvariantCulture))!;

    private static void Put(PackedCertificates all, PackCertificate pack, uint generation, int certificates)
    {
        for (var place = 0; place < certificates; place++)
        {
            var entry = Entry(
                "key " + place.ToString(CultureInfo.InvariantCulture),
                new ProductLineEntry { Brand = "Acme", Model = place.ToString(CultureInfo.InvariantCulture) },
                new ProductLineEntry { Brand = "N/A", Model = "N/A" });
            Put(all, pack, entry with { Holder = generation.ToString(CultureInfo.InvariantCulture), OtherNumbers = [$"{place} of {generation}"] }, generation);
        }
    }

    private static void Put(PackedCertificates all, PackCertificate pack, CertificateEntry entry, uint generation)
    {
        pack.Pack(entry, generation);
        all.Put(pack.Bytes, pack.Keys, pack.Names, generation);
    }

    private RecordedCertificate Through(CertificateEntry entry, long revision)
    {
        var pack = new PackCertificate(_texts);
        pack.Pack(entry, revision);
        var model = ReadCertificate.Model(pack.Bytes, _texts, out var read);
        return new RecordedCertificate(model, read, (_, of) => ReadCertificate.Entry(pack.Bytes, _texts, of), 0);
    }

    private static CertificateEntry Entry(string number, params ProductLineEntry[] products) =>
        new() { Id = ProductIdentity.CertificateId("beta", number, null), Scheme = "beta", Number = number, Products = products };

    /// <summary>What an answer shows of it.</summary>
    private static string Shown(CertificateEntry entry) => RecordJson.Text(new
    {
        entry.Id,
        entry.Scheme,
        entry.Number,
        entry.Holder,
        entry.OtherNumbers,
        Products = entry.Products!.Select(p => new { p.Brand, p.Model, p.Product, p.Category, Gtins = p.Gtins ?? [], p.Names, p.Related }).ToList(),
    });

    private static Dictionary<string, string> Words(params (string Language, string Text)[] words) => words.ToDictionary(w => w.Language, w => w.Text, StringComparer.Ordinal);

    private sealed class Newest((HeldCertificates Held, uint Generation) first)
    {
        private readonly Lock _gate = new();
        private (HeldCertificates Held, uint Generation) _value = first;

        public (HeldCertificates Held, uint Generation) Value
        {
            get
            {
                lock (_gate)
                {
                    return _value;
                }
            }

            set
            {
                lock (_gate)
                {
                    _value = value;
                }
            }
        }
    }
}
