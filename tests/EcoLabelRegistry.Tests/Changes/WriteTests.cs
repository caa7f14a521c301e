using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Registers;
using EcoLabelRegistry.Snapshot;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Changes;

public sealed class SqliteWrite(EmptySqliteRegistry app) : WriteTests(app), IClassFixture<EmptySqliteRegistry>
{
    protected override RegistryApp AnotherServer() => new AnotherSqliteServer(App.Database);

    private sealed class AnotherSqliteServer(string database) : RegistryApp
    {
        public override string Database => database;

        protected override string Seed => "none";
    }
}

public sealed class PostgreSqlWrite(EmptyPostgreSqlRegistry app) : WriteTests(app), IClassFixture<EmptyPostgreSqlRegistry>
{
    protected override RegistryApp AnotherServer() => new AnotherPostgreSqlServer(App.Database);

    private sealed class AnotherPostgreSqlServer(string database) : RegistryApp
    {
        public override string Database => database;

        protected override string Seed => "none";
    }
}

public abstract class WriteTests(RegistryApp app) : IAsyncLifetime
{
    private const string Rows = """
        select (select count(*) from change) || '/' || (select count(*) from change_item) || '/' || (select count(*) from record) || '/'
            || (select count(*) from record where recorded_until is not null) || '/' || (select count(*) from certificate) || '/'
            || (select count(*) from certificate where recorded_until is not null) || '/' || (select count(*) from product_line) || '/'
            || (select count(*) from product_gtin) || '/' || (select count(*) from certificate_number) || '/' || (select revision from registry)
        """;

    protected RegistryApp App => app;

    public Task InitializeAsync() => app.FillAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>A second instance of the service on the same database.</summary>
    protected abstract RegistryApp AnotherServer();

    [Fact]
    public async Task Each_revision_reads_back_its_own_version_of_a_record()
    {
        var first = await app.SendAsync(Category("versions", name: "First"));
        var second = await app.SendAsync(Category("versions", name: "Second"));
        var third = await app.SendAsync(Category("versions", name: "Third"));

        Assert.True(first.Created);
        Assert.False(second.Created);
        Assert.Equal("First", await NameAsync(first.Revision));
        Assert.Equal("Second", await NameAsync(second.Revision));
        Assert.Equal("Third", await NameAsync(third.Revision));
        Assert.Equal("Third", await NameAsync(null));
        Assert.Null(await NameAsync(first.Revision - 1));

        Task<string?> NameAsync(long? revision) => app.WithAsync<Registries, string?>(async registries =>
        {
            await using var reading = await registries.ReadAsync(new KnownAt(revision, null), CancellationToken.None);
            return reading.Registry.Categories.GetValueOrDefault("versions")?.Entry.Names!["en"];
        });
    }

    [Fact]
    public async Task Writing_the_same_again_changes_nothing()
    {
        var first = await app.SendAsync(Category("twice"));
        var certificate = await app.RegisterAsync(Certificate("TWICE"));
        var rows = await app.ScalarAsync<string>(Rows);

        Assert.Equal(first with { Created = false }, await app.SendAsync(Category("twice")));
        Assert.Equal(certificate with { Created = false }, await app.RegisterAsync(Certificate("TWICE")));
        var again = await app.SendAsync(new ImportRegister.Request("beta", [Certificate("TWICE")], null, Actor.Registrar));
        Assert.Equal((1, 0, 0, 1), (again.Received, again.Created, again.Updated, again.Unchanged));
        Assert.Equal(rows, await app.ScalarAsync<string>(Rows));
    }

    [Fact]
    public async Task The_answer_to_a_check_is_the_same_bytes_for_the_same_moment_whatever_is_written_later()
    {
        const string Question = "/v1/check?recognisedBy=alpha&scheme=beta&certificate=KNOWN&asOf=2025-01-01";
        await app.RegisterAsync(Certificate("KNOWN", products: Product("Acme", "Known")));
        var revision = await app.RevisionAsync();
        var now = await app.Client.GetStringAsync(Question);
        var instant = (await app.GetAsync($"/v1/changes/{revision}")).Text("at");
        var byInstant = await app.Client.GetStringAsync($"{Question}&knownAt={instant}");
        var byRevision = await app.Client.GetStringAsync($"{Question}&knownAt={revision}");
        Assert.Equal(now, byInstant);
        Assert.Equal(now, byRevision);
        Assert.Contains("\"answer\":\"yes\"", now, StringComparison.Ordinal);

        var id = EcoLabelRegistry.Products.ProductIdentity.CertificateId("beta", "KNOWN", null);
        await app.SendAsync(new RecordCertificateEvent.Request(id, new(CertificateEventType.Suspended, Date("2024-06-01")), Actor.Registrar));
        await app.SendAsync(new RecordAgreementEvent.Request("alpha-beta", new(AgreementEventType.Suspended, Date("2026-01-01")), Actor.Registrar));
        await app.RegisterAsync(Certificate("KNOWN", products: Product("Acme", "Other")));
        await app.SendAsync(Scheme("alpha") with { Entry = Scheme("alpha").Entry with { Names = Text("Renamed") } });
        await app.SendAsync(Category("coatings", name: "Renamed"));

        Assert.Equal(byInstant, await app.Client.GetStringAsync($"{Question}&knownAt={instant}"));
        Assert.Equal(byRevision, await app.Client.GetStringAsync($"{Question}&knownAt={revision}"));
        Assert.Contains("\"answer\":\"no\"", await app.Client.GetStringAsync(Question), StringComparison.Ordinal);
        await app.SendAsync(new RecordAgreementEvent.Request("alpha-beta", new(AgreementEventType.Resumed, Date("2026-01-01")), Actor.Registrar));
    }

    [Fact]
    public async Task Many_writers_at_once_get_revisions_without_gap_and_each_its_own()
    {
        var before = await app.RevisionAsync();
        var written = await Task.WhenAll(Enumerable.Range(0, 12).Select(writer => Task.Run(async () =>
        {
            var revisions = new List<(string Subject, long Revision)>();
            foreach (var i in Enumerable.Range(0, 8))
            {
                revisions.Add(($"/v1/categories/w{writer}-{i}", (await app.SendAsync(Category($"w{writer}-{i}"))).Revision));
            }

            return revisions;
        })));

        await AssertEachIsThereAsync(before, [.. written.SelectMany(w => w)]);
    }

    [Fact]
    public async Task Two_servers_on_one_database_write_one_log_and_see_each_others_writes_at_once()
    {
        await using var other = AnotherServer();
        await other.InitializeAsync();
        var before = await app.RevisionAsync();
        RegistryApp[] servers = [app, other];
        var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var revisions = new List<(string Subject, long Revision)>();
            foreach (var i in Enumerable.Range(0, 6))
            {
                var code = $"s{writer}-{i}";
                var revision = (await servers[writer % 2].SendAsync(Category(code))).Revision;
                revisions.Add(($"/v1/categories/{code}", revision));
                using var seen = await servers[(writer + 1) % 2].Client.GetAsync($"/v1/changes/{revision}");
                Assert.True(long.Parse(seen.Headers.GetValues("Registry-Revision").Single(), System.Globalization.CultureInfo.InvariantCulture) >= revision);
                Assert.Contains($"\"/v1/categories/{code}\"", await seen.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }

            return revisions;
        })));

        await AssertEachIsThereAsync(before, [.. written.SelectMany(w => w)]);
        await other.SendAsync(Category("seen-elsewhere", "coatings.decorative"));
        Assert.Equal(200, (int)(await app.Client.GetAsync("/v1/certificates?category=seen-elsewhere")).StatusCode);
    }

    [Fact]
    public async Task A_refused_write_leaves_nothing()
    {
        var before = await app.ScalarAsync<string>(Rows);

        await Assert.ThrowsAsync<RefusalException>(() => app.SendAsync(Category("orphan", "nowhere")));
        await Assert.ThrowsAsync<RefusalException>(() => app.RegisterAsync(Certificate("X", products: Product("Acme", "X", "nowhere"))));
        await Assert.ThrowsAsync<RefusalException>(() => app.SendAsync(new ImportRegister.Request(
            "beta", [Certificate("ROW-1", products: Product("Acme", "Row") with { Gtins = ["96385074"] }), Certificate("ROW-2") with { Standard = "nowhere" }], null, Actor.Registrar)));

        Assert.Equal(before, await app.ScalarAsync<string>(Rows));
    }

    [Fact]
    public async Task A_certificate_that_stands_twice_in_a_register_is_refused_with_its_row()
    {
        var before = await app.ScalarAsync<string>(Rows);

        var refusal = await Assert.ThrowsAsync<RefusalException>(() => app.SendAsync(new ImportRegister.Request(
            "beta", [Certificate("DOUBLE"), Certificate("OTHER"), Certificate("ＤＯＵＢＬＥ")], null, Actor.Registrar)));

        Assert.Equal("lines[3].number", Assert.Single(refusal.Faults).Member);
        Assert.Equal(before, await app.ScalarAsync<string>(Rows));
    }

    [Fact]
    public async Task A_write_that_fails_after_its_rows_leaves_nothing()
    {
        var before = await app.ScalarAsync<string>(Rows);

        await Assert.ThrowsAsync<FormatException>(() => app.WithAsync<ChangeLog, int>(log => log.WriteAsync<int>(
            async write =>
            {
                await write.PutAsync(RecordKind.Category, "half", new CategoryEntry { Code = "half", Names = Text("Half") });
                await write.AddAsync("change_item", ["revision", "place", "data", "salts", "digest"], [[write.Revision, 1L, "{}", "{}", ""]], CancellationToken.None);
                throw new FormatException();
            },
            CancellationToken.None)));

        Assert.Equal(before, await app.ScalarAsync<string>(Rows));
        Assert.Equal("unknown-category", (await app.GetAsync("/v1/certificates?category=half")).Text("code"));
    }

    [Fact]
    public async Task A_batch_commits_together_or_not_at_all()
    {
        var before = await app.ScalarAsync<string>(Rows);

        await Assert.ThrowsAsync<RefusalException>(() => BatchAsync(async () =>
        {
            await app.SendAsync(Category("batch-1"));
            await app.SendAsync(Category("batch-2", "batch-1"));
            await app.SendAsync(Category("batch-3", "nowhere"));
        }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => BatchAsync(async () =>
        {
            await app.SendAsync(Category("batch-1"));
            await Assert.ThrowsAsync<RefusalException>(() => app.SendAsync(Category("batch-3", "nowhere")));
        }));
        Assert.Equal(before, await app.ScalarAsync<string>(Rows));

        var revision = await app.RevisionAsync();
        await BatchAsync(async () =>
        {
            Assert.Equal(revision + 1, (await app.SendAsync(Category("batch-1"))).Revision);
            Assert.Equal(revision + 2, (await app.SendAsync(Category("batch-2", "batch-1"))).Revision);
            Assert.Equal("unknown-category", (await app.GetAsync("/v1/certificates?category=batch-1")).Text("code"));
        });
        Assert.Equal(revision + 2, await app.RevisionAsync());
        Assert.Empty(await app.AllAsync("/v1/certificates?category=batch-2"));

        Task<int> BatchAsync(Func<Task> writes) => app.WithAsync<ChangeLog, int>(async log =>
        {
            await log.BatchAsync(writes, CancellationToken.None);
            return 0;
        });
    }

    [Fact]
    public async Task Instants_never_go_back_and_a_later_moment_knows_at_least_as_much()
    {
        await app.SendAsync(Category("instants"));
        var changes = await app.AllAsync("/v1/changes?limit=1000");

        var instants = changes.Texts("at");
        Assert.Equal(instants.Order(StringComparer.Ordinal), instants);
        var first = changes[0];
        Assert.Equal("not-found", (await app.GetAsync("/v1/products/p-0?knownAt=" + first.Text("at"))).Text("code"));
        Assert.Equal("not-yet-known", (await app.GetAsync("/v1/products?knownAt=2999-01-01T00:00:00Z")).Text("code"));
        Assert.Empty((await app.GetAsync("/v1/certificates?knownAt=1999-01-01T00:00:00Z")).GetProperty("items").EnumerateArray());
    }

    private async Task AssertEachIsThereAsync(long before, List<(string Subject, long Revision)> written)
    {
        Assert.Equal(Enumerable.Range(1, written.Count).Select(i => before + i), written.Select(w => w.Revision).Order());
        var changes = (await app.AllAsync($"/v1/changes?after={before}&limit=1000")).ToDictionary(c => c.GetProperty("revision").GetInt64(), c => c.Text("subject"));
        Assert.All(written, w => Assert.Equal(w.Subject, changes[w.Revision]));
        Assert.True((await app.GetAsync("/v1/changes/verify")).GetProperty("valid").GetBoolean());
    }
}
