using System.Globalization;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Matches;
using EcoLabelRegistry.Registers;
using EcoLabelRegistry.Snapshot;
using EcoLabelRegistry.Tests.Snapshot;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace EcoLabelRegistry.Tests.Matches;

public sealed class SqliteFindRecords(EmptySqliteRegistry app) : FindRecordsTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlFindRecords(EmptyPostgreSqlRegistry app) : FindRecordsTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Memory and database find the same, after many writes, and where more is near than there is room for.</summary>
public abstract class FindRecordsTests(RegistryApp app)
{
    private static readonly string[] Words =
        ["acme", "amce", "ACME+", "globex", "绿色", "エコ", "ｴｺ", "n/a", "painter", "画家有限公司", "o'hara", "bulk", "blk", "serie", "series 1", "series 77", "77", "S-0077", "s0770", "series 1234", "17", "beta", "delta"];

    [Fact]
    public async Task Memory_and_database_find_the_same()
    {
        await RandomMarket.FillAsync(app);
        await app.SendAsync(new ImportRegister.Request(
            "beta",
            [.. Enumerable.Range(0, 900).Select(i => SmallRegistry.Certificate(
                string.Create(CultureInfo.InvariantCulture, $"S-{i:0000}"), products: [SmallRegistry.Product("Bulk", $"Series {i}"), SmallRegistry.Product("Bulk", $"Series {i} Twin")])
                with { OtherNumbers = i % 7 == 0 ? [$"OLD {i}", $"old-{i}"] : null, Holder = i % 3 == 0 ? null : $"Bulk Holder {i % 50} Ltd" })],
            null,
            Actor.Registrar));
        var market = new RandomMarket(20_261_125);
        for (var i = 0; i < 150; i++)
        {
            await app.WithAsync<IMediator, bool>(async mediator =>
            {
                await market.WriteAsync(mediator);
                return true;
            });
        }

        var snapshots = app.Services.GetRequiredService<Snapshots>();
        await snapshots.FollowAsync(default);
        await using var memory = await snapshots.OpenAsync(null, default);
        Assert.True(memory.AreInMemory);
        await using var reading = await app.Services.GetRequiredService<Registries>().ReadAsync(null, default);
        await using var database = new Grounds(reading);
        Assert.Equal(memory.Revision, database.Revision);
        var random = new Random(7);
        var (found, cut) = (0, 0);
        for (var i = 0; i < 150; i++)
        {
            var typed = string.Join(' ', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Words[random.Next(Words.Length)]));
            var scope = SearchScope.Of(memory.Registry, random.Next(4) == 0 ? "beta" : null, random.Next(4) == 0 ? "coatings" : null);
            var asked = AskedText.Of(typed, memory.Registry.SchemeNames);
            var (here, there) = (await FindRecords.FindAsync(memory.Certificates, asked, scope), await FindRecords.FindAsync(database.Certificates, asked, scope));
            Assert.Equal(Shown(there), Shown(here));
            Assert.True(there.IsCut == here.IsCut, typed);
            found += here.Records.Count > 0 ? 1 : 0;
            cut += here.IsCut ? 1 : 0;
        }

        // Both kinds of answer were met: else it would prove nothing.
        Assert.InRange(found, 50, 150);
        Assert.InRange(cut, 10, 100);

        static IEnumerable<string> Shown(FoundRecords found) => found.Records
            .Select(r => $"{r.Certificate.Entry.Id} {r.Line?.Brand} {r.Line?.Model} {r.Score.Score} {r.Score.IsSafe} {string.Join(", ", r.Score.Parts)}").Order(StringComparer.Ordinal);
    }
}
