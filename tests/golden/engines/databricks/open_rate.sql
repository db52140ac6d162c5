WITH their_campaigns AS (
  SELECT
    CAST(NULL AS STRING) AS campaign_id,
    CAST(NULL AS TIMESTAMP_NTZ) AS sent_at,
    CAST(NULL AS BIGINT) AS recipients,
    CAST(NULL AS BIGINT) AS delivered,
    CAST(NULL AS BIGINT) AS unique_opens,
    CAST(NULL AS BIGINT) AS unique_clicks,
    CAST(NULL AS BIGINT) AS unsubscribes,
    CAST(NULL AS DOUBLE) AS open_rate,
    CAST(NULL AS DOUBLE) AS click_rate,
    CAST(NULL AS STRING) AS workflow,
    CAST(NULL AS STRING) AS variant,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line,
    CAST(NULL AS STRING) AS attribute_0
  FROM (
    SELECT
      1 AS one
  ) AS nothing
  WHERE
    FALSE
), their_emails AS (
  SELECT
    CAST(`message_id` AS STRING) AS message_id,
    CAST(`lead_id` AS STRING) AS lead_id,
    CAST(`sent_at` AS TIMESTAMP_NTZ) AS sent_at,
    CAST(`delivered_at` AS TIMESTAMP_NTZ) AS delivered_at,
    CAST(`opened_at` AS TIMESTAMP_NTZ) AS opened_at,
    CAST(`clicked_at` AS TIMESTAMP_NTZ) AS clicked_at,
    CAST(`machine_open` AS BOOLEAN) AS machine_open,
    CAST(`workflow` AS STRING) AS workflow,
    CAST(`variant` AS STRING) AS variant,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line,
    CAST(`tier` AS STRING) AS attribute_0
  FROM `mail`.`messages`
), their_leads AS (
  SELECT
    CAST(`lead_id` AS STRING) AS lead_id,
    CAST(`created_at` AS TIMESTAMP_NTZ) AS created_at,
    CAST(`workflow` AS STRING) AS workflow,
    CAST(`channel` AS STRING) AS channel,
    CAST(`region` AS STRING) AS region,
    CAST(`segment` AS STRING) AS segment,
    CAST(`owner` AS STRING) AS owner,
    `score` AS score,
    CAST(`first_response_at` AS TIMESTAMP_NTZ) AS first_response_at,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM `crm`.`leads`
), facts_campaigns AS (
  SELECT
    campaign_id,
    sent_at AS sent_at,
    recipients,
    delivered,
    unique_opens,
    unique_clicks,
    unsubscribes,
    open_rate,
    click_rate,
    workflow,
    variant,
    attribute_0,
    import_id,
    line
  FROM their_campaigns AS current_campaigns
), facts_emails AS (
  SELECT
    message_id,
    lead_id,
    sent_at AS sent_at,
    delivered_at AS delivered_at,
    opened_at AS opened_at,
    clicked_at AS clicked_at,
    machine_open,
    workflow,
    variant,
    attribute_0,
    import_id,
    line
  FROM their_emails AS current_emails
  WHERE
    NOT workflow IS NULL
  UNION ALL
  SELECT
    fact.message_id,
    fact.lead_id,
    fact.sent_at AS sent_at,
    fact.delivered_at AS delivered_at,
    fact.opened_at AS opened_at,
    fact.clicked_at AS clicked_at,
    fact.machine_open,
    origin.workflow,
    fact.variant,
    fact.attribute_0,
    fact.import_id,
    fact.line
  FROM their_emails AS fact
  LEFT JOIN their_leads AS origin
    ON fact.lead_id = origin.lead_id
  WHERE
    fact.workflow IS NULL
), records_delivery AS (
  SELECT
    COUNT(delivered_at) > 0 AS is_recorded
  FROM facts_emails AS emails
  WHERE
    workflow = 'lead-routing'
), messages AS (
  SELECT
    COALESCE(unit.attribute_0, 'unknown') AS segment,
    TRUNC(CAST(unit.sent_at AS DATE), 'WEEK') AS cohort_week,
    CASE
      WHEN CAST(unit.opened_at AS DATE) <= CAST('2024-06-30' AS DATE)
      AND NOT COALESCE(unit.machine_open, FALSE)
      THEN GREATEST(
        CAST((
          DATEDIFF(
            CAST(TRUNC(CAST(unit.opened_at AS DATE), 'WEEK') AS DATE),
            CAST(TRUNC(CAST(unit.sent_at AS DATE), 'WEEK') AS DATE)
          )
        ) / 7 AS BIGINT),
        0
      )
    END AS age,
    1 AS units
  FROM facts_emails AS unit
  CROSS JOIN records_delivery
  WHERE
    unit.workflow = 'lead-routing'
    AND CAST(unit.sent_at AS DATE) <= CAST('2024-06-30' AS DATE)
    AND (
      NOT unit.delivered_at IS NULL OR NOT records_delivery.is_recorded
    )
), mailings AS (
  SELECT
    COALESCE(unit.attribute_0, 'unknown') AS segment,
    TRUNC(CAST(unit.sent_at AS DATE), 'WEEK') AS cohort_week,
    CAST(COALESCE(unit.delivered, unit.recipients) AS BIGINT) AS delivered,
    CAST(unit.unique_opens AS BIGINT) AS counted
  FROM facts_campaigns AS unit
  WHERE
    unit.workflow = 'lead-routing'
    AND CAST(unit.sent_at AS DATE) <= CAST('2024-06-30' AS DATE)
    AND COALESCE(unit.delivered, unit.recipients) > 0
    AND NOT unit.unique_opens IS NULL
), together AS (
  SELECT
    segment,
    cohort_week,
    age,
    units
  FROM messages
  UNION ALL
  SELECT
    segment,
    cohort_week,
    0 AS age,
    LEAST(counted, delivered) AS units
  FROM mailings
  UNION ALL
  SELECT
    segment,
    cohort_week,
    NULL AS age,
    GREATEST(delivered - counted, 0) AS units
  FROM mailings
)
SELECT
  segment,
  cohort_week,
  age,
  CAST(SUM(units) AS BIGINT) AS units
FROM together
GROUP BY
  1,
  2,
  3
