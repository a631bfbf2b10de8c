//! No statement of the crate reads a whole table: every one that the stories run is planned with an index on both engines.

use sidelight_store::testing::recorded_statements;
use sqlx::{AssertSqlSafe, Row as _};

use crate::story;
use crate::world::{World, on_both_engines};

on_both_engines! {
    every_statement_uses_an_index,
}

async fn every_statement_uses_an_index(world: World) {
    let told = story::tell(&world).await;
    story::ask_everything(&world, &told).await;
    let statements = recorded_statements(world.is_postgres());
    assert!(statements.len() > 80, "the stories run {} statements", statements.len());
    for statement in statements {
        let plan = plan(&world, &statement).await;
        assert!(!reads_a_whole_table(&plan), "{statement}\n{}", plan.join("\n"));
    }
    for without_index in
        ["SELECT id FROM audit WHERE action = $1", "SELECT id FROM writes WHERE tries > $1 ORDER BY id"]
    {
        let plan = plan(&world, without_index).await;
        assert!(reads_a_whole_table(&plan), "{}", plan.join("\n"));
    }
}

async fn plan(world: &World, statement: &str) -> Vec<String> {
    if world.is_postgres() { postgres_plan(world, statement).await } else { sqlite_plan(world, statement).await }
}

fn reads_a_whole_table(plan: &[String]) -> bool {
    // What a statement brings along itself, or has just found, may be read whole.
    let own = ["json_each", "jsonb_to_recordset", "due", "latest", "CONSTANT ROW"];
    let next = plan.iter().skip(1).map(String::as_str).chain([""]);
    plan.iter().zip(next).any(|(line, next)| {
        let is_scan = line.trim_start().starts_with("SCAN ") || line.contains("Seq Scan");
        // PostgreSQL walks a whole index where it is not allowed to walk the whole table.
        let is_walk = line.contains("Index") && line.contains(" Scan ") && !next.contains("Index Cond");
        (is_scan || is_walk) && !own.iter().any(|own| line.contains(own))
    })
}

async fn sqlite_plan(world: &World, statement: &str) -> Vec<String> {
    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
    let rows = sqlx::raw_sql(explain).fetch_all(&mut world.raw().await).await.unwrap();
    rows.iter().map(|row| row.get("detail")).collect()
}

/// The plan for any values, with tables so small that only a ban keeps the planner from reading them whole.
async fn postgres_plan(world: &World, statement: &str) -> Vec<String> {
    let values =
        (1..100).take_while(|n| statement.contains(&format!("${n}"))).map(|_| "NULL").collect::<Vec<_>>().join(", ");
    let set_up = "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan";
    let mut connection = world.raw().await;
    for sql in [set_up.to_owned(), format!("PREPARE hot AS {statement}")] {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    }
    let explain = AssertSqlSafe(format!("EXPLAIN EXECUTE hot ({values})"));
    let rows = sqlx::raw_sql(explain).fetch_all(&mut connection).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}
