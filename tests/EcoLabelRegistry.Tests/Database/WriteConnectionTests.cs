using Dapper;
using EcoLabelRegistry.Database;
using Microsoft.Data.Sqlite;

namespace EcoLabelRegistry.Tests.Database;

/// <summary>Statements are kept from one write to the next, and nobody notices.</summary>
public sealed class WriteConnectionTests : IAsyncLifetime
{
    private const string All = "select b from pair order by a";

    private readonly string _folder = Directory.CreateTempSubdirectory("registry-").FullName;
    private System.Data.Common.DbConnection _db = null!;

    public async Task InitializeAsync()
    {
        await using var database = Engines.Open($"Data Source={Path.Combine(_folder, "registry.db")}");
        _db = await database.OpenForWritingAsync(CancellationToken.None);
        await _db.ExecuteAsync("create table pair (a integer not null unique, b text)");
    }

    public async Task DisposeAsync()
    {
        await _db.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_statement_is_run_again_with_other_values()
    {
        await AddAsync(1, "one");
        await AddAsync(2, null);
        Assert.Equal(["one", null], await AllAsync());
    }

    [Fact]
    public async Task A_statement_that_failed_leaves_nothing_behind()
    {
        await AddAsync(1, "one");
        await Assert.ThrowsAsync<SqliteException>(() => AddAsync(1, "again"));
        await AddAsync(2, "two");
        Assert.Equal(["one", "two"], await AllAsync());
    }

    [Fact]
    public async Task A_statement_is_read_while_the_same_is_read()
    {
        await AddAsync(1, "one");
        await AddAsync(2, "two");
        var seen = new List<string?>();
        await foreach (var outer in _db.QueryUnbufferedAsync<string?>(All))
        {
            seen.Add(outer);
            seen.AddRange(await AllAsync());
        }

        Assert.Equal(["one", "one", "two", "two", "one", "two"], seen);
    }

    [Fact]
    public async Task Every_statement_belongs_to_the_transaction_that_is_open()
    {
        foreach (var isCommitted in new[] { true, false, true })
        {
            await using var transaction = await _db.BeginTransactionAsync();
            await _db.ExecuteAsync("insert into pair (a, b) select count(*), @B from pair", new { B = isCommitted ? "kept" : "undone" }, transaction);
            if (isCommitted)
            {
                await transaction.CommitAsync();
            }
        }

        Assert.Equal(["kept", "kept"], await AllAsync());
    }

    [Fact]
    public async Task A_table_that_has_changed_is_seen_as_it_is()
    {
        await AddAsync(1, "one");
        Assert.Single(await _db.QueryAsync("select * from pair"));
        await _db.ExecuteAsync("alter table pair add column c text default 'new'");
        Assert.Equal("new", (string)(await _db.QuerySingleAsync("select * from pair")).c);
    }

    [Fact]
    public async Task A_setting_is_set_each_time()
    {
        foreach (var size in new[] { 100, 200, 100 })
        {
            await _db.ExecuteAsync($"pragma cache_size = {size}");
            Assert.Equal(size, await _db.ExecuteScalarAsync<long>("pragma cache_size"));
        }
    }

    private Task<int> AddAsync(long a, string? b) => _db.ExecuteAsync("insert into pair (a, b) values (@A, @B)", new { A = a, B = b });

    private Task<IEnumerable<string?>> AllAsync() => _db.QueryAsync<string?>(All);
}
