using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Tests.Cases;

namespace EcoLabelRegistry.Tests.CommandLine;

public sealed class SqliteImportRegistry(SmallExport export, SqliteDatabases databases) : ImportRegistryTests(export, databases), IClassFixture<SmallExport>, IClassFixture<SqliteDatabases>
{
    [Fact]
    public async Task A_disk_that_is_full_is_told_and_nothing_is_left()
    {
        var database = await Databases.NewAsync();
        var called = await Called.ProgramWithFilesUpToAsync(60, "import", Export.Folder, Called.On(database));
        Assert.Equal((1, ""), (called.ExitCode, called.Output));
        Assert.StartsWith("The disk cannot be read or has no room left: ", called.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', called.Error);
        Assert.False(File.Exists(SqliteDatabases.FileOf(database)));
    }
}

public sealed class PostgreSqlImportRegistry(SmallExport export, PostgreSqlDatabases databases) : ImportRegistryTests(export, databases), IClassFixture<SmallExport>, IClassFixture<PostgreSqlDatabases>
{
    [Fact]
    public async Task A_character_that_PostgreSQL_cannot_keep_is_told_with_its_line()
    {
        var folder = Export.Copy(Databases);
        SmallExport.Edit(folder, "product_line", (line, row) => row["model"] = line == 1 ? "a\0b" : (string)row["model"]!);
        await AssertRefusedAsync(folder, $"{folder}/product_line.ndjson line 1 has a text with the character U+0000, which PostgreSQL cannot keep. Nothing was imported.");
    }
}

/// <summary>The export of a small registry on SQLite.</summary>
public sealed class SmallExport : IAsyncLifetime
{
    public string Folder { get; } = Path.Combine(Directory.CreateTempSubdirectory("registry-export-").FullName, "export");

    public async Task InitializeAsync()
    {
        var app = new SmallSqliteRegistry();
        await app.InitializeAsync();
        Assert.Equal(0, (await Called.WithAsync("export", Folder, Called.On(app.Database))).ExitCode);
        await app.DisposeAsync();
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A copy to be damaged.</summary>
    public string Copy(Databases into)
    {
        var copy = into.NewPath();
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(Folder))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    /// <summary>Changes rows as somebody would who knows how checks and digests are made.</summary>
    public static void Edit(string folder, string table, Action<int, JsonObject> change)
    {
        var path = Path.Combine(folder, table + ".ndjson");
        var lines = File.ReadAllLines(path).Select((line, i) =>
        {
            var row = JsonNode.Parse(line)!.AsObject();
            row.Remove("check");
            change(i + 1, row);
            return row.ToJsonString()[..^1];
        });
        Seal(folder, table, [.. lines]);
    }

    /// <summary>Writes lines, given without their check, and their digest in the manifest.</summary>
    public static void Seal(string folder, string table, IReadOnlyList<string> contents)
    {
        var lines = contents.Select((content, i) => string.Create(
            CultureInfo.InvariantCulture, $"{content},\"check\":\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{i + 1}\n{content}")))[..16]}\"}}\n"));
        var bytes = Encoding.UTF8.GetBytes(string.Concat(lines));
        File.WriteAllBytes(Path.Combine(folder, table + ".ndjson"), bytes);
        EditManifest(folder, manifest =>
        {
            var listed = manifest["tables"]!.AsArray().Single(t => (string?)t!["table"] == table)!;
            listed["rows"] = contents.Count;
            listed["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes));
        });
    }

    public static void EditManifest(string folder, Action<JsonObject> change)
    {
        var path = Path.Combine(folder, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
    }
}

public abstract class ImportRegistryTests(SmallExport export, Databases databases)
{
    protected SmallExport Export => export;

    protected Databases Databases => databases;

    /// <summary>Ways to damage an export, with the line that tells it; {0} is the export's folder.</summary>
    public static TheoryData<string, string> Damages => new()
    {
        { "manifest missing", "{0} has no manifest.json: it is no export, or one that was not finished." },
        { "manifest cut off", "{0}/manifest.json is not the manifest of an export: line 3 is not as it should be." },
        { "manifest of something else", "{0}/manifest.json is not the manifest of an export: line 1 is not as it should be." },
        { "manifest null", "{0}/manifest.json is not the manifest of an export." },
        { "manifest of another format", "{0}/manifest.json is not the manifest of an export." },
        { "newer format", "{0}/manifest.json has version 2 of the format, which this version of the program does not read. Use a newer one." },
        { "newer schema", "The export was made by another, newer version of this program (migration 9999, 9999_add_future). Import it with that version." },
        { "other schema", "The export was made by another, newer version of this program (migration 2, 0002_create_other). Import it with that version." },
        { "table not listed", "{0}/manifest.json does not list the tables of its schema: registry, change, change_item, " },
        { "other rows", "{0}/change.ndjson ends after line 9; the manifest lists 10 rows. Nothing was imported." },
        { "fewer rows", "{0}/change.ndjson line 9: the manifest lists 8 rows only. Nothing was imported." },
        { "other digest", "{0}/change.ndjson: its SHA-256 is not the one in manifest.json. Nothing was imported." },
        { "other revision", "{0}/manifest.json says revision 8, head " },
        { "other head", "{0}/manifest.json says revision 9, head 00" },
        { "file missing", "{0}/record.ndjson is missing. Nothing was imported." },
        { "file empty", "{0}/record.ndjson ends after line 0; the manifest lists 7 rows. Nothing was imported." },
        { "cut off within a line", "{0}/change.ndjson line 5 is cut off. Nothing was imported." },
        { "cut off after a line", "{0}/change.ndjson ends after line 5; the manifest lists 9 rows. Nothing was imported." },
        { "byte changed", "{0}/record.ndjson line 3 is not as it was exported. Nothing was imported." },
        { "line left out", "{0}/record.ndjson line 3 is not as it was exported. Nothing was imported." },
        { "lines swapped", "{0}/record.ndjson line 3 is not as it was exported. Nothing was imported." },
        { "line twice", "{0}/record.ndjson line 4 is not as it was exported. Nothing was imported." },
        { "not JSON", "{0}/change_item.ndjson line 2 is not as it was exported. Nothing was imported." },
        { "more after the end", "{0}/certificate.ndjson line 5: the manifest lists 4 rows only. Nothing was imported." },
        { "line without a column", "{0}/record.ndjson line 2 is no row of this table. Nothing was imported." },
        { "line with another column", "{0}/record.ndjson line 2 is no row of this table. Nothing was imported." },
        { "line with another type", "{0}/record.ndjson line 2 is no row of this table. Nothing was imported." },
        { "line that is no object", "{0}/record.ndjson line 2 is no row of this table. Nothing was imported." },
        { "row twice", "{0}/record.ndjson lines 1 to 8: the database refuses them: " },
        { "rewritten log", "{0}: the change log was changed by hand: revision 8 is not as it was written. Nothing was imported." },
        { "rewritten register", "{0}: the change log was changed by hand: revision 9 is not as it was written. Nothing was imported." },
        { "log cut off", "{0}: the change log was changed by hand: revision 9 is not as it was written. Nothing was imported." },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_damaged_export_is_refused_with_the_place_and_nothing_is_made(string damage, string line)
    {
        var folder = export.Copy(databases);
        Damage(folder, damage);
        await AssertRefusedAsync(folder, string.Format(CultureInfo.InvariantCulture, line, folder));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_or_is_none_is_told()
    {
        var database = await databases.NewAsync();
        foreach (var nowhere in new[] { Path.Combine(databases.Folder, "absent"), Path.Combine(export.Folder, "manifest.json") })
        {
            Assert.Equal(new Called(1, "", $"There is no folder {nowhere}."), await Called.ProgramAsync("import", nowhere, Called.On(database)));
        }

        Assert.Equal(0, await databases.TablesAsync(database));
    }

    [Fact]
    public async Task Only_an_empty_database_is_filled()
    {
        var (registry, other) = (await databases.NewAsync(), await databases.NewAsync());
        await ServiceOn.WhileAsync(registry, async _ =>
            Assert.Equal(0, (await Called.WithAsync("import", export.Folder, Called.On(registry))).ExitCode)); // without a revision it is as good as none

        var called = await Called.WithAsync("import", export.Folder, Called.On(registry));
        Assert.Equal(new Called(1, "", "The database holds a registry already (table change has rows). Import into an empty database."), called);
        Assert.Equal(0, (await Called.WithAsync("verify", Called.On(registry))).ExitCode);

        await Databases.ExecuteAsync(other, "create table customer (name text)");
        Assert.StartsWith("The database is not a registry of this program.", (await Called.WithAsync("import", export.Folder, Called.On(other))).Error, StringComparison.Ordinal);
        Assert.Equal(1, await databases.TablesAsync(other));
    }

    [Fact]
    public async Task A_service_that_is_running_on_the_empty_registry_answers_from_what_was_imported_and_writes_on()
    {
        var database = await databases.NewAsync();
        await ServiceOn.WhileAsync(database, async app =>
        {
            Assert.Empty((await app.GetAsync("/v1/schemes")).Items());

            Assert.Equal(0, (await Called.WithAsync("import", export.Folder, Called.On(database))).ExitCode);

            Assert.Equal(["alpha", "beta"], (await app.GetAsync("/v1/schemes")).Items().Texts("code"));
            await app.RegisterAsync(SmallRegistry.Certificate("AFTERWARDS"));
            Assert.Equal(10, await app.RevisionAsync());
        });
        Assert.Equal(0, (await Called.WithAsync("verify", Called.On(database))).ExitCode);
    }

    [Fact]
    public async Task Keys_go_on_working_and_the_answers_kept_for_repeated_requests_stay_behind()
    {
        var (from, folder, database) = (new SmallSqliteRegistry(), databases.NewPath(), await databases.NewAsync());
        await from.InitializeAsync();
        var key = await from.SendAsync(new IssueKey.Request(KeyOwner.Body, "bureau", new IssueKey.NewKey("moved"), Actor.Registrar));
        Assert.Equal(HttpStatusCode.Created, await WriteAsync(from, "K-1"));
        Assert.Equal(1, await from.ScalarAsync<long>("select count(*) from idempotent_answer"));
        Assert.Equal(0, (await Called.WithAsync("export", folder, Called.On(from.Database))).ExitCode);
        await from.DisposeAsync();
        Assert.DoesNotContain(Directory.GetFiles(folder), file => File.ReadAllText(file).Contains(key.Key, StringComparison.Ordinal));

        Assert.Equal(0, (await Called.WithAsync("import", folder, Called.On(database))).ExitCode);

        Assert.Equal(0, await Databases.ScalarAsync<long>(database, "select count(*) from idempotent_answer"));
        await ServiceOn.WhileAsync(database, async app => Assert.Equal(HttpStatusCode.Created, await WriteAsync(app, "K-2")));

        async Task<HttpStatusCode> WriteAsync(RegistryApp app, string number)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/certificates") { Content = JsonContent.Create(new { scheme = "beta", number, validFrom = "2024-01-01" }) };
            request.Headers.Authorization = new("Bearer", key.Key);
            request.Headers.Add("Idempotency-Key", number);
            using var response = await app.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task An_import_that_is_killed_leaves_all_or_nothing()
    {
        foreach (var milliseconds in new[] { 200, 500, 900, 1500 })
        {
            var database = await databases.NewAsync();
            await Called.KillAsync(milliseconds, "import", export.Folder, Called.On(database));
            var again = await Called.WithAsync("import", export.Folder, Called.On(database));
            Assert.True(again.ExitCode == 0 || again.Error.Contains("holds a registry already", StringComparison.Ordinal), again.Error);
            Assert.Equal(0, (await Called.WithAsync("verify", Called.On(database))).ExitCode);
            Assert.Equal(9, await Databases.ScalarAsync<long>(database, "select revision from registry"));
        }
    }

    [Fact]
    public async Task The_export_of_an_earlier_version_is_brought_up_to_date()
    {
        var (old, folder, database) = (await databases.NewAsync(), databases.NewPath(), await databases.NewAsync());
        await using (var source = Engines.Open(old))
        {
            await using var db = await source.OpenConnectionAsync();
            await using var tx = await db.BeginTransactionAsync();
            await Migrations.ApplyAsync(db, tx, databases.Engine, [.. Migrations.For(databases.Engine).Take(2)], CancellationToken.None);
            await db.ExecuteAsync("insert into certificate_number values ('1', 'c', 1, null), ('2', 'c', 1, 7)", transaction: tx);
            await tx.CommitAsync();
        }

        Assert.Equal(0, (await Called.WithAsync("export", folder, Called.On(old))).ExitCode);
        Assert.Contains("\"name\": \"0002_create_registry\"", await File.ReadAllTextAsync(Path.Combine(folder, "manifest.json")), StringComparison.Ordinal);

        Assert.Equal(0, (await Called.WithAsync("import", folder, Called.On(database))).ExitCode);

        Assert.Equal(Migrations.For(databases.Engine).Count, await Databases.ScalarAsync<long>(database, "select count(*) from schema_migration"));
        Assert.Equal(2, await Databases.ScalarAsync<long>(database, "select count(*) from certificate_number"));

        var migrated = await databases.NewAsync();
        await ServiceOn.WhileAsync(migrated, _ => Task.CompletedTask);

        Assert.StartsWith("The export was made at migration 2 (0002_create_registry), and the database has later ones already.", (await Called.WithAsync("import", folder, Called.On(migrated))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_stays_flat_both_ways()
    {
        const int Rows = 1500; // of 50 KB: more than twice what the program may use
        var (large, folder, database) = (await databases.NewAsync(), databases.NewPath(), await databases.NewAsync());
        Assert.Equal(0, (await Called.WithAsync("import", export.Folder, Called.On(large))).ExitCode);
        await Databases.ExecuteAsync(large, """
            insert into certificate (id, recorded_from, scheme, data)
            with recursive n(i) as (select 1 union all select i + 1 from n where i < @Rows)
            select 'large-' || i, 1, 'beta', @Text || i from n
            """, new { Rows, Text = new string('x', 50_000) });
        var small = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_GCHeapHardLimit"] = "0x2000000" }; // 32 MB

        var exported = await Called.ProgramInAsync(small, "export", folder, Called.On(large));
        Assert.Equal((0, ""), (exported.ExitCode, exported.Error));
        Assert.True(new FileInfo(Path.Combine(folder, "certificate.ndjson")).Length > 2 * 0x2000000);
        var imported = await Called.ProgramInAsync(small, "import", folder, Called.On(database));
        Assert.Equal((0, ""), (imported.ExitCode, imported.Error));

        Assert.Equal(Rows + 4, await Databases.ScalarAsync<long>(database, "select count(*) from certificate"));
    }

    protected async Task AssertRefusedAsync(string folder, string line)
    {
        var database = await databases.NewAsync();
        var called = await Called.WithAsync("import", folder, Called.On(database));
        Assert.Equal((1, ""), (called.ExitCode, called.Output));
        Assert.StartsWith(line, called.Error, StringComparison.Ordinal);
        Assert.Equal(0, await databases.TablesAsync(database));
        if (databases.Engine == Engine.Sqlite)
        {
            Assert.False(File.Exists(SqliteDatabases.FileOf(database)));
        }
    }

    private static void Damage(string folder, string damage)
    {
        var manifest = Path.Combine(folder, "manifest.json");
        switch (damage)
        {
            case "manifest missing":
                File.Delete(manifest);
                break;
            case "manifest cut off":
                File.WriteAllText(manifest, string.Join('\n', File.ReadLines(manifest).Take(3)));
                break;
            case "manifest of something else":
                File.WriteAllText(manifest, """{ "name": "some package", "version": "1.0.0" }""");
                break;
            case "manifest null":
                File.WriteAllText(manifest, "null");
                break;
            case "manifest of another format":
                SmallExport.EditManifest(folder, m => m["format"] = "something-else");
                break;
            case "newer format":
                SmallExport.EditManifest(folder, m => m["version"] = 2);
                break;
            case "newer schema":
                SmallExport.EditManifest(folder, m => m["schema"] = new JsonObject { ["number"] = 9999, ["name"] = "9999_add_future" });
                break;
            case "other schema":
                SmallExport.EditManifest(folder, m => m["schema"] = new JsonObject { ["number"] = 2, ["name"] = "0002_create_other" });
                break;
            case "table not listed":
                SmallExport.EditManifest(folder, m => m["tables"]!.AsArray().RemoveAt(3));
                break;
            case "other rows":
                SmallExport.EditManifest(folder, m => m["tables"]![1]!["rows"] = 10);
                break;
            case "fewer rows":
                SmallExport.EditManifest(folder, m => m["tables"]![1]!["rows"] = 8);
                break;
            case "other digest":
                SmallExport.EditManifest(folder, m => m["tables"]![1]!["sha256"] = new string('0', 64));
                break;
            case "other revision":
                SmallExport.EditManifest(folder, m => m["revision"] = 8);
                break;
            case "other head":
                SmallExport.EditManifest(folder, m => m["head"] = new string('0', 64));
                break;
            case "file missing":
                File.Delete(Path.Combine(folder, "record.ndjson"));
                break;
            case "line without a column":
                SmallExport.Edit(folder, "record", (line, row) => _ = line == 2 && row.Remove("data"));
                break;
            case "line with another column":
                SmallExport.Edit(folder, "record", (line, row) => row[line == 2 ? "datum" : "data"] = (string)row["data"]!);
                break;
            case "line with another type":
                SmallExport.Edit(folder, "record", (line, row) => row["recorded_from"] = line == 2 ? 1.5 : (long)row["recorded_from"]!);
                break;
            case "line that is no object":
                SmallExport.Seal(folder, "record", [.. File.ReadLines(Path.Combine(folder, "record.ndjson")).Select((line, i) => i == 1 ? "[1" : line[..line.LastIndexOf(",\"check\"", StringComparison.Ordinal)])]);
                break;
            case "row twice":
                var contents = File.ReadLines(Path.Combine(folder, "record.ndjson")).Select(line => line[..line.LastIndexOf(",\"check\"", StringComparison.Ordinal)]).ToList();
                SmallExport.Seal(folder, "record", [.. contents, contents[0]]);
                break;
            case "rewritten log":
                SmallExport.Edit(folder, "change", (line, row) => row["actor"] = line == 8 ? "body:bureau" : (string)row["actor"]!);
                break;
            case "rewritten register":
                SmallExport.Edit(folder, "change_item", (line, row) => row["data"] = line == 2 ? ((string)row["data"]!).Replace("R-2", "R-9", StringComparison.Ordinal) : (string)row["data"]!);
                break;
            case "log cut off":
                SmallExport.Seal(folder, "change_item", []);
                SmallExport.Seal(folder, "change", [.. File.ReadLines(Path.Combine(folder, "change.ndjson")).Take(8).Select(line => line[..line.LastIndexOf(",\"check\"", StringComparison.Ordinal)])]);
                break;
            default:
                DamageLines(folder, damage);
                break;
        }
    }

    private static void DamageLines(string folder, string damage)
    {
        var path = Path.Combine(folder, damage switch
        {
            "not JSON" => "change_item.ndjson",
            "more after the end" => "certificate.ndjson",
            "cut off within a line" or "cut off after a line" => "change.ndjson",
            _ => "record.ndjson",
        });
        var lines = File.ReadAllLines(path).ToList();
        switch (damage)
        {
            case "file empty":
                lines.Clear();
                break;
            case "cut off within a line":
                File.WriteAllText(path, string.Join('\n', lines.Take(4)) + "\n" + lines[4][..20]);
                return;
            case "cut off after a line":
                lines.RemoveRange(5, lines.Count - 5);
                break;
            case "byte changed":
                lines[2] = lines[2].Replace("\"kind\":", "\"kinD\":", StringComparison.Ordinal);
                break;
            case "line left out":
                lines.RemoveAt(2);
                break;
            case "lines swapped":
                lines.Reverse(2, 2);
                break;
            case "line twice":
                lines.Insert(3, lines[2]);
                break;
            case "not JSON":
                lines[1] = "id;number;holder";
                break;
            case "more after the end":
                lines.Add(lines[0]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage), damage, "no such damage");
        }

        File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")));
    }
}

/// <summary>The reference registry moved from SQLite to PostgreSQL and back.</summary>
[Collection(SqliteReference.Name)]
public sealed class MovedRegistryTests(SqliteRegistry app) : IAsyncLifetime
{
    private readonly SqliteDatabases _sqlite = new();
    private readonly PostgreSqlDatabases _postgreSql = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _sqlite.DisposeAsync();
        await _postgreSql.DisposeAsync();
    }

    [Fact]
    public async Task The_reference_registry_moves_to_PostgreSQL_and_back_with_the_same_hashes_and_answers()
    {
        var (there, back) = (await _postgreSql.NewAsync(), await _sqlite.NewAsync());
        var (first, second, third) = (_sqlite.NewPath(), _sqlite.NewPath(), _sqlite.NewPath());
        await RunAsync("export", first, app.Database);
        await RunAsync("import", first, there);
        await RunAsync("export", second, there);
        await RunAsync("import", second, back);
        await RunAsync("export", third, back);
        await ExportRegistryTests.AssertSameFilesAsync(first, second);
        await ExportRegistryTests.AssertSameFilesAsync(first, third);

        var proof = (await app.GetAsync("/v1/changes/verify")).ToString();
        await ServiceOn.WhileAsync(there, onPostgreSql => ServiceOn.WhileAsync(back, async onSqlite =>
        {
            Assert.Equal(proof, (await onPostgreSql.GetAsync("/v1/changes/verify")).ToString());
            Assert.Equal(proof, (await onSqlite.GetAsync("/v1/changes/verify")).ToString());
            foreach (var question in await QuestionsAsync())
            {
                var answer = await AnswerAsync(app, question);
                Assert.Equal(answer, await AnswerAsync(onPostgreSql, question));
                Assert.Equal(answer, await AnswerAsync(onSqlite, question));
            }
        }));
    }

    /// <summary>Every fifth case on the reference registry, as known now, at a revision and at an instant; lists; the log.</summary>
    private async Task<List<string>> QuestionsAsync()
    {
        var instant = await app.ScalarAsync<string>("select at from change where revision = 600");
        var checks = Case.All.Where(c => c.Given is null && c.Expect["problem"] is null && c.Ask["knownAt"] is null).Where((_, i) => i % 5 == 0).Select(c => c.Query()).ToList();
        Assert.True(checks.Count > 20);
        Assert.All(checks, check => Assert.Contains("asOf=", check, StringComparison.Ordinal));
        return
        [
            .. checks.SelectMany(check => new[] { check, check + "&knownAt=550", $"{check}&knownAt={instant}" }),
            "/v1/changes?limit=1000", $"/v1/changes/{await app.RevisionAsync()}", "/v1/agreements?limit=200&asOf=2026-01-01", "/v1/certificates?limit=1000&asOf=2026-01-01",
            "/v1/products?limit=200&asOf=2026-01-01", "/v1/recognitions?limit=1000&asOf=2026-01-01&knownAt=500", "/v1/standards?limit=500&asOf=2026-01-01",
        ];
    }

    private static async Task<string> AnswerAsync(RegistryApp asked, string question)
    {
        using var response = await asked.Client.GetAsync(question);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode || text.Contains("unknown-recogniser", StringComparison.Ordinal) || text.Contains("unknown-scheme", StringComparison.Ordinal), $"{question}: {text}");
        return response.IsSuccessStatusCode ? $"{response.Headers.ETag} {text}" : response.StatusCode.ToString();
    }

    private static async Task RunAsync(string command, string folder, string database)
    {
        var called = await Called.ProgramAsync(command, folder, Called.On(database));
        Assert.Equal((0, ""), (called.ExitCode, called.Error));
    }
}
