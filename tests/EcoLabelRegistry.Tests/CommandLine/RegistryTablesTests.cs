using System.Data.Common;
using Dapper;
using EcoLabelRegistry.CommandLine;
using EcoLabelRegistry.Database;

namespace EcoLabelRegistry.Tests.CommandLine;

public sealed class SqliteRegistryTables(SqliteDatabases databases) : RegistryTablesTests(databases), IClassFixture<SqliteDatabases>
{
    protected override string KeyOf => "select name from pragma_table_info(@Table) where pk > 0 order by pk";
}

public sealed class PostgreSqlRegistryTables(PostgreSqlDatabases databases) : RegistryTablesTests(databases), IClassFixture<PostgreSqlDatabases>
{
    protected override string KeyOf => """
        select a.attname from pg_index i cross join lateral unnest(i.indkey) with ordinality as k (attnum, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where i.indrelid = @Table::regclass and i.indisprimary order by k.place
        """;
}

public abstract class RegistryTablesTests(Databases databases)
{
    protected abstract string KeyOf { get; }

    [Fact]
    public Task Every_table_of_the_schema_is_moved_or_left_with_its_reason() => WithSchemaAsync(async (db, tx) => Assert.Empty(await FaultsAsync(db, tx)));

    [Fact]
    public Task A_table_that_is_in_neither_list_is_told() => WithSchemaAsync(async (db, tx) =>
    {
        await db.ExecuteAsync("create table forgotten (id bigint not null primary key)", transaction: tx);
        Assert.Equal(["forgotten is in neither list"], await FaultsAsync(db, tx));
    });

    [Fact]
    public Task Every_moved_table_is_exported_in_the_order_of_its_primary_key_and_has_columns_that_an_export_can_carry() => WithSchemaAsync(async (db, tx) =>
    {
        foreach (var table in RegistryTables.Moved)
        {
            Assert.Equal(table.Key.Split(", "), await db.QueryAsync<string>(KeyOf, new { Table = table.Name }, tx));
            Assert.NotEmpty(await table.ColumnsAsync(db, tx));
        }
    });

    private async Task<List<string>> FaultsAsync(DbConnection db, DbTransaction tx)
    {
        var tables = await Migrations.TablesAsync(db, tx, databases.Engine);
        var moved = RegistryTables.Moved.Select(t => t.Name).ToList();
        return
        [
            .. tables.Except(moved).Except(RegistryTables.Left.Keys).Select(t => t + " is in neither list"),
            .. moved.Intersect(RegistryTables.Left.Keys).Select(t => t + " is in both lists"),
            .. moved.Concat(RegistryTables.Left.Keys).Except(tables).Select(t => t + " is no table of the schema"),
            .. RegistryTables.Left.Where(t => string.IsNullOrWhiteSpace(t.Value)).Select(t => t.Key + " is left without a reason"),
        ];
    }

    private async Task WithSchemaAsync(Func<DbConnection, DbTransaction, Task> work)
    {
        await using var source = Engines.Open(await databases.NewAsync());
        await Migrations.ApplyAsync(source, databases.Engine, CancellationToken.None);
        await using var db = await source.OpenConnectionAsync();
        await using var tx = await db.BeginTransactionAsync();
        await work(db, tx);
    }
}
