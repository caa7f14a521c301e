using System.Data.Common;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Registers;
using Microsoft.Extensions.DependencyInjection;

namespace EcoLabelRegistry.Tests.Registers;

public sealed class SqliteRunningImport(EmptySqliteRegistry app) : RunningImportTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlRunningImport(EmptyPostgreSqlRegistry app) : RunningImportTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>What an import shows of itself while it runs.</summary>
public abstract class RunningImportTests(RegistryApp app)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_beat_that_has_read_the_state_before_does_not_bring_it_back()
    {
        var scheme = await app.NewSchemeAsync();
        var clock = new HeldClock();
        var import = await BeginAsync(scheme, app.Services.GetRequiredService<DbDataSource>(), clock);
        try
        {
            clock.HoldNext();
            await clock.Held.WaitAsync(Patience); // the beat knows its state, and writes it later
            var entering = import.EnterAsync(ImportState.Checking);
            await Task.WhenAny(entering, Task.Delay(500));
            clock.Release();
            await entering;
        }
        finally
        {
            clock.Release();
            await import.DisposeAsync();
        }

        Assert.Equal("checking", await app.ScalarAsync<string>("select state from register_import where id = @Id", new { import.Id }));
        await import.GiveUpAsync(null, null);
    }

    [Fact]
    public async Task A_sign_of_life_that_fails_in_any_way_is_given_again_and_does_not_end_the_import()
    {
        var scheme = await app.NewSchemeAsync();
        var source = new FailingSource(app.Services.GetRequiredService<DbDataSource>());
        var import = await BeginAsync(scheme, source, TimeProvider.System);
        await source.Failed.WaitAsync(Patience);
        await source.Opened.WaitAsync(Patience);
        await import.GiveUpAsync(null, null);
        await import.DisposeAsync();
    }

    private Task<RunningImport> BeginAsync(string scheme, DbDataSource source, TimeProvider clock) => RunningImport.BeginAsync(
        new ImportRegister.Request(scheme, [], null, Actor.Registrar), source, app.Services.GetRequiredService<ChangeLog>(), clock, CancellationToken.None);

    /// <summary>A clock whose next reader is held.</summary>
    private sealed class HeldClock : TimeProvider
    {
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _holds;

        public Task Held => _held.Task;

        public void HoldNext() => Volatile.Write(ref _holds, 1);

        public void Release() => _release.TrySetResult();

        public override DateTimeOffset GetUtcNow()
        {
            if (Interlocked.Exchange(ref _holds, 0) == 1)
            {
                _held.SetResult();
                _release.Task.Wait(Patience);
            }

            return base.GetUtcNow();
        }
    }

    /// <summary>A database that cannot be reached the first time, for a reason that nobody has foreseen.</summary>
    private sealed class FailingSource(DbDataSource source) : DbDataSource
    {
        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Failed => _failed.Task;

        public Task Opened => _opened.Task;

        public override string ConnectionString => source.ConnectionString;

        protected override DbConnection CreateDbConnection()
        {
            if (_failed.TrySetResult())
            {
                throw new InvalidOperationException("Not foreseen.");
            }

            _opened.TrySetResult();
            return source.CreateConnection();
        }
    }
}
